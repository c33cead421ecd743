import { ArrowLeftRight, ListOrdered } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Fact, Facts } from '@/components/facts'
import { Amount, Change, Money, Price } from '@/components/figures'
import { When } from '@/components/when'
import { TradesTable } from '@/features/trades/trades-table'
import type { CardOf } from '@/lib/api/types'

import { CardFrame } from './frame'

export function TradesCard({ card, at }: { card: CardOf<'trades'>; at: string }) {
  const { t } = useTranslation()
  return (
    <CardFrame
      kind="trades"
      title={t('card.trades', { name: card.bot_name })}
      Icon={ListOrdered}
      at={at}
      flush
    >
      <TradesTable
        trades={card.trades}
        currency={card.stake_currency}
        empty={t('trades.none')}
        showBot={new Set(card.trades.map((trade) => trade.bot_id)).size > 1}
      />
    </CardFrame>
  )
}

/** A trade that a bot made; the same card tells of its end. */
export function TradeCard({ card }: { card: CardOf<'trade'> }) {
  const { t } = useTranslation()
  const { trade, stake_currency: currency } = card
  const base = trade.pair.split('/')[0] ?? ''
  return (
    <CardFrame
      kind="trade"
      title={t(trade.is_open ? 'card.tradeOpened' : 'card.tradeClosed', { pair: trade.pair })}
      Icon={ArrowLeftRight}
      at={trade.closed_at ?? trade.opened_at}
      mode={trade.mode}
    >
      <div className="flex items-baseline justify-between gap-3">
        <p className="min-w-0 truncate">
          <span className="text-[15px] font-semibold">{trade.pair}</span>
          <span className="ml-2 text-xs text-muted-foreground">{trade.bot_name}</span>
        </p>
        <Change
          value={trade.profit}
          currency={currency}
          percent={trade.profit_pct}
          className="text-[15px] font-semibold"
        />
      </div>
      <Facts>
        <Fact label={t('trades.amount')}>
          <Amount value={trade.amount} currency={base} />
        </Fact>
        <Fact label={t('trades.stake')}>
          <Money value={trade.stake} currency={currency} />
        </Fact>
        <Fact label={t('trades.opened')}>
          <When at={trade.opened_at} />
        </Fact>
        <Fact label={t('trades.entry')}>
          <Price value={trade.entry_rate} />
        </Fact>
        <Fact label={t(trade.is_open ? 'trades.current' : 'trades.exit')}>
          <Price value={trade.exit_rate ?? trade.current_rate} />
        </Fact>
        <Fact label={t('trades.reason')}>{trade.exit_reason ?? trade.enter_tag ?? '–'}</Fact>
      </Facts>
    </CardFrame>
  )
}
