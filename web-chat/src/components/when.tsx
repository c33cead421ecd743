import { useTranslation } from 'react-i18next'

import { formatExact, formatTime } from '@/lib/time'

/** A time of day (or a date) with the exact moment on hover. */
export function When({ at, className }: { at: string; className?: string }) {
  const { i18n } = useTranslation()
  return (
    <time dateTime={at} title={formatExact(at, i18n.language)} className={className}>
      {formatTime(at, i18n.language)}
    </time>
  )
}
