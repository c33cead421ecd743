import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'

const SHORT = 10

/** The beginning of a hash; a click copies the whole of it. */
export function HashChip({ hash }: { hash: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const Icon = copied ? Check : Copy

  async function copy() {
    try {
      await navigator.clipboard.writeText(hash)
      setCopied(true)
    } catch {
      // A page that was not fetched safely may not write there: the person can, by hand.
      toast(hash, { duration: 20_000 })
    }
  }

  return (
    <button
      type="button"
      onClick={() => void copy()}
      title={`SHA-256 ${hash}`}
      aria-label={t(copied ? 'common.hashCopied' : 'common.copyHash', {
        hash: hash.slice(0, SHORT),
      })}
      className="inline-flex items-center gap-1 rounded-sm font-mono text-[11px] text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring pointer-coarse:py-1.5"
      data-testid="hash"
    >
      {hash.slice(0, SHORT)}…
      <Icon className="size-3" aria-hidden />
    </button>
  )
}
