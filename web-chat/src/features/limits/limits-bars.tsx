import { Ban } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Money } from '@/components/figures'
import { Badge } from '@/components/ui/badge'
import { UsageBar } from '@/components/usage-bar'
import type { LimitsView } from '@/lib/api/types'

/** The limits in force, with how much of each is in open trades and how much is committed to running bots. */
export function LimitsBars({ view }: { view: LimitsView }) {
  const { t } = useTranslation()
  const { limits, stake_currency: currency, bots } = view
  const using = bots.filter(({ committed, used }) => /[1-9]/.test(committed + used))
  return (
    <div className="space-y-3" data-testid="limits">
      <UsageBar label={t('limits.total')} usage={view.total_exposure} currency={currency} />
      {using.map((usage) => (
        <UsageBar key={usage.bot_id} label={usage.bot_name} usage={usage} currency={currency} />
      ))}
      <dl className="space-y-1 text-xs">
        <Line label={t('limits.maxTrade')}>
          <Money value={limits.max_trade} currency={currency} />
        </Line>
        <Line label={t('limits.maxBot')}>
          <Money value={limits.max_bot_exposure} currency={currency} />
        </Line>
        <Line label={t('limits.live')}>
          {t(limits.live_enabled ? 'limits.liveOn' : 'limits.liveOff')}
        </Line>
      </dl>
      {limits.blocked_pairs.length > 0 && (
        <div className="flex flex-wrap gap-1" aria-label={t('limits.blocked')}>
          {limits.blocked_pairs.map((pair) => (
            <Badge key={pair}>
              <Ban aria-hidden className="text-loss" />
              {pair}
            </Badge>
          ))}
        </div>
      )}
      <p className="text-[11px] text-pretty text-muted-foreground">{t('limits.meaning')}</p>
    </div>
  )
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex justify-between gap-3">
      <dt className="text-muted-foreground">{label}</dt>
      <dd className="num">{children}</dd>
    </div>
  )
}
