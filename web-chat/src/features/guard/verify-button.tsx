import { BadgeCheck, ShieldAlert, Stamp } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import { sayFailure } from '@/lib/api/failure'
import { formatAmount } from '@/lib/money'

import type { useVerifyAudit } from './api'

const NAMED = 10

type Verifying = ReturnType<typeof useVerifyAudit>

export function VerifyButton({ verifying }: { verifying: Verifying }) {
  const { t } = useTranslation()
  return (
    <Button
      variant="ghost"
      size="sm"
      disabled={verifying.isPending}
      onClick={() => verifying.mutate()}
      data-testid="audit-verify"
    >
      <Stamp aria-hidden />
      {t(verifying.isPending ? 'audit.verifying' : 'audit.verify')}
    </Button>
  )
}

/** How many lines were checked, or which of them are not what was written. */
export function Verified({ verifying: { data, error } }: { verifying: Verifying }) {
  const { t, i18n } = useTranslation()
  if (error) return <ErrorNote className="m-2">{sayFailure(error, t, i18n.language)}</ErrorNote>
  if (!data) return null
  const lines = formatAmount(String(data.lines), i18n.language)
  if (data.ok)
    return (
      <p
        role="status"
        className="flex items-center gap-1.5 border-b px-3 py-2 text-xs"
        data-testid="audit-verified"
        data-ok
      >
        <BadgeCheck className="size-4 text-gain" aria-hidden />
        {t('audit.verified', { lines })}
      </p>
    )
  return (
    <div
      role="alert"
      className="space-y-1 border-b border-destructive/40 bg-destructive/8 px-3 py-2 text-xs"
      data-testid="audit-verified"
    >
      <p className="flex items-center gap-1.5 font-semibold text-destructive">
        <ShieldAlert className="size-4" aria-hidden />
        {t('audit.broken', { lines, count: data.broken.length })}
      </p>
      <ul className="list-disc pl-6">
        {data.broken.slice(0, NAMED).map(({ id, what }) => (
          <li key={`${id}-${what}`}>{t(`audit.broken.${what}`, { id: String(id) })}</li>
        ))}
      </ul>
    </div>
  )
}
