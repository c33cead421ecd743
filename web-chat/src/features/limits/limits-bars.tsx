import { Ban, Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Money } from '@/components/figures'
import { Badge } from '@/components/ui/badge'
import { UsageBar } from '@/components/usage-bar'
import type { LimitsView } from '@/lib/api/types'

import { ModeMeters } from './mode-meters'
import { sayLimit } from './say'

const EVERYTHING = '*/*'

/** The limits in force, with how much of each is in open trades and how much is committed to running bots. */
export function LimitsBars({ view }: { view: LimitsView }) {
  const { t, i18n } = useTranslation()
  const { limits, stake_currency: currency, bots, modes } = view
  const using = bots.filter(({ committed, used }) => /[1-9]/.test(committed + used))
  const speech = { t, locale: i18n.language, currency }
  return (
    <div className="space-y-3" data-testid="limits">
      <UsageBar label={t('limits.total')} usage={view.total_exposure} currency={currency} />
      {using.map((usage) => (
        <UsageBar key={usage.bot_id} label={usage.bot_name} usage={usage} currency={currency} />
      ))}
      <p className="text-[11px] text-pretty text-muted-foreground">{t('limits.meaning')}</p>
      {modes.map((usage) => (
        <ModeMeters key={usage.mode} {...{ usage, limits, currency }} />
      ))}
      <dl className="space-y-1 text-xs">
        <Line label={t('limits.maxTrade')}>
          <Money value={limits.max_trade} currency={currency} exact />
        </Line>
        <Line label={t('limits.maxBot')}>
          <Money value={limits.max_bot_exposure} currency={currency} exact />
        </Line>
        <Line label={t('limits.lossStreak')}>{limits.max_loss_streak}</Line>
        <Line label={t('limits.cooldown')}>
          {sayLimit('reentry_cooldown_s', limits.reentry_cooldown_s, speech)}
        </Line>
        <Line label={t('limits.live')}>
          {t(limits.live_enabled ? 'limits.liveOn' : 'limits.liveOff')}
        </Line>
      </dl>
      <Pairs label={t('limits.blocked')} pairs={limits.blocked_pairs} blocked />
      {limits.allowed_pairs.join() !== EVERYTHING && (
        <Pairs label={t('limits.allowed')} pairs={limits.allowed_pairs} />
      )}
    </div>
  )
}

export function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex justify-between gap-3">
      <dt className="text-muted-foreground">{label}</dt>
      <dd className="num">{children}</dd>
    </div>
  )
}

export function Pairs({
  label,
  pairs,
  blocked = false,
}: {
  label: string
  pairs: readonly string[]
  blocked?: boolean
}) {
  const { t } = useTranslation()
  if (pairs.length === 0 && blocked) return null
  const Icon = blocked ? Ban : Check
  return (
    <div className="text-xs">
      <p className="mb-1 text-muted-foreground">{label}</p>
      <ul className="flex flex-wrap gap-1" aria-label={label}>
        {pairs.length === 0 && <li>{t('value.empty')}</li>}
        {pairs.map((pair) => (
          <li key={pair}>
            <Badge>
              <Icon aria-hidden className={blocked ? 'text-loss' : 'text-muted-foreground'} />
              {pair}
            </Badge>
          </li>
        ))}
      </ul>
    </div>
  )
}
