import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { cn } from '@/lib/cn'

/** Lines of a log, as they are, from their end. */
export function LogLines({ lines, className }: { lines: readonly string[]; className?: string }) {
  const { t } = useTranslation()
  const box = useRef<HTMLPreElement>(null)

  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [lines])

  return (
    <pre
      ref={box}
      tabIndex={0}
      role="region"
      aria-label={t('bots.log')}
      className={cn(
        'max-h-72 overflow-auto bg-muted p-3 font-mono text-[11px] leading-relaxed',
        className,
      )}
    >
      {lines.join('\n')}
    </pre>
  )
}
