import { useTranslation } from 'react-i18next'

import type { Usage } from '@/lib/api/types'
import { cn } from '@/lib/cn'
import { compare, formatExact, formatMoney, share } from '@/lib/money'

import { Money } from './figures'

/** How much of a limit is in open trades (solid) and committed to running bots (hatched), each with its number. */
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
    limit: formatExact(usage.limit, i18n.language),
    currency,
  })
  return (
    <div className="space-y-1">
      <div className="flex items-baseline justify-between gap-3 text-xs">
        <span className="truncate">{label}</span>
        <span className="num text-muted-foreground">
          {t('limits.limit')}{' '}
          <Money value={usage.limit} currency={currency} exact className="text-foreground" />
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
            'hatched',
            over ? 'text-loss/60' : 'text-foreground/40',
          )}
          style={{ width: `${share(usage.committed, usage.limit) * 100}%` }}
        />
        <div
          className={cn(
            'absolute inset-y-0 left-0 rounded-full transition-[width] duration-150',
            over ? 'bg-loss' : 'bg-muted-foreground',
          )}
          style={{ width: `${share(usage.used, usage.limit) * 100}%` }}
        />
      </div>
      <p aria-hidden className="flex flex-wrap gap-x-3 text-[11px] num text-muted-foreground">
        <Key className={over ? 'bg-loss' : 'bg-muted-foreground'}>
          {t('limits.used', { amount: say(usage.used) })}
        </Key>
        <Key className={cn('hatched', over ? 'text-loss/60' : 'text-foreground/40')}>
          {t('limits.committed', { amount: say(usage.committed) })}
        </Key>
      </p>
    </div>
  )
}

function Key({ className, children }: { className: string; children: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      <span className={cn('h-2 w-3 rounded-[2px]', className)} />
      {children}
    </span>
  )
}
