import { useTranslation } from 'react-i18next'

import { Meter } from '@/components/meter'
import { ModeBadge } from '@/components/mode'
import type { Limits, ModeUsage } from '@/lib/api/types'
import { formatAmount, formatExact, formatMoney } from '@/lib/money'

/** How much all bots of a mode have used of what they may do together. */
export function ModeMeters({
  usage,
  limits,
  currency,
}: {
  usage: ModeUsage
  limits: Limits
  currency: string
}) {
  const { t, i18n } = useTranslation()
  const money = (value: string) => formatMoney(value, currency, i18n.language)
  const count = (value: string) => formatAmount(value, i18n.language)
  const rows = [
    ['openTrades', String(usage.open_trades), String(limits.max_open_trades), count],
    ['lostToday', usage.lost_today, limits.max_daily_loss, money],
    ['drawdown', usage.drawdown, limits.max_drawdown, money],
    ['minute', String(usage.entries_minute), String(limits.max_entries_per_minute), count],
    ['hour', String(usage.entries_hour), String(limits.max_entries_per_hour), count],
  ] as const
  return (
    <div className="space-y-1.5" data-testid="mode-usage" data-mode={usage.mode}>
      <ModeBadge mode={usage.mode} />
      {rows.map(([key, used, limit, say]) => {
        const isMoney = say === money
        const said = {
          used: say(used),
          limit: isMoney ? formatExact(limit, i18n.language) : say(limit),
        }
        return (
          <Meter
            key={key}
            label={isMoney ? `${t(`limits.meter.${key}`)}, ${currency}` : t(`limits.meter.${key}`)}
            {...{ used, limit, said }}
            summary={t('limits.meterOf', said)}
          />
        )
      })}
    </div>
  )
}
