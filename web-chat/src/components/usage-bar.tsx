import { useTranslation } from 'react-i18next'

import type { Usage } from '@/lib/api/types'
import { cn } from '@/lib/cn'
import { compare, formatMoney, share } from '@/lib/money'

/** How much of a limit is used (solid) and committed to running bots (hatched). */
export function UsageBar({
  label,
  usage,
  currency,
}: {
  label: string
  usage: Usage
  currency: string
}) {
  const { t, i18n } = useTranslation()
  const say = (value: string) => formatMoney(value, currency, i18n.language)
  const over = compare(usage.committed, usage.limit) > 0 || compare(usage.used, usage.limit) > 0
  const summary = t('limits.usage', {
    used: say(usage.used),
    committed: say(usage.committed),
    limit: say(usage.limit),
    currency,
  })
  return (
    <div className="space-y-1">
      <div className="flex items-baseline justify-between gap-3 text-xs">
        <span className="truncate">{label}</span>
        <span className="num text-muted-foreground">
          <span className="text-foreground">{say(usage.used)}</span> / {say(usage.limit)}
        </span>
      </div>
      <div
        role="img"
        aria-label={`${label}: ${summary}`}
        title={summary}
        className="relative h-2 overflow-hidden rounded-full bg-secondary"
      >
        <div
          className={cn(
            'absolute inset-y-0 left-0 rounded-full transition-[width] duration-150',
            over ? 'bg-loss/45' : 'bg-foreground/22',
          )}
          style={{ width: `${share(usage.committed, usage.limit) * 100}%` }}
        />
        <div
          className={cn(
            'absolute inset-y-0 left-0 rounded-full transition-[width] duration-150',
            over ? 'bg-loss' : 'bg-foreground/75',
          )}
          style={{ width: `${share(usage.used, usage.limit) * 100}%` }}
        />
      </div>
    </div>
  )
}
