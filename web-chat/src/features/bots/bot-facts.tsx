import { useTranslation } from 'react-i18next'

import { Fact, Facts } from '@/components/facts'
import { Change, Money } from '@/components/figures'
import type { BotView } from '@/lib/api/types'
import { formatPercent } from '@/lib/money'

/** What a bot is set to do and how it does, as facts. */
export function BotFacts({ bot }: { bot: BotView }) {
  const { t, i18n } = useTranslation()
  const { spec, stake_currency: currency } = bot
  const percent = (value: string | null) =>
    value === null ? t('bots.fromStrategy') : formatPercent(value, i18n.language, 'negative')
  return (
    <Facts>
      <Fact label={t('bots.pairs')}>{spec.pairs.join(', ')}</Fact>
      <Fact label={t('bots.strategy')}>
        {spec.strategy} · {spec.timeframe}
      </Fact>
      <Fact label={t('bots.stake')}>
        <Money value={spec.stake} currency={currency} />
        <span className="text-muted-foreground"> × {spec.max_open_trades}</span>
      </Fact>
      <Fact label={t('bots.exposure')}>
        <Money value={bot.open_exposure} currency={currency} unit={false} />
        <span className="text-muted-foreground"> / </span>
        <Money value={bot.max_exposure} currency={currency} />
      </Fact>
      <Fact label={t('bots.unrealised')}>
        <Change value={bot.unrealised_profit} currency={currency} />
      </Fact>
      <Fact label={t('bots.realised')}>
        <Change value={bot.realised_profit} currency={currency} />
        <span className="text-muted-foreground">
          {' '}
          ·&nbsp;{t('bots.closedCount', { count: bot.closed_trades })}
        </span>
      </Fact>
      <Fact label={t('bots.stoploss')}>{percent(spec.stoploss_pct ?? null)}</Fact>
      <Fact label={t('bots.takeProfit')}>{percent(spec.take_profit_pct ?? null)}</Fact>
      <Fact label={t('bots.venue')}>{t(`venue.${bot.venue}`, { defaultValue: bot.venue })}</Fact>
    </Facts>
  )
}
