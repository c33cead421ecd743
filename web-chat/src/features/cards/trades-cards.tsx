import { ArrowLeftRight, ListOrdered } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { CardFrame } from '@/components/card-frame'
import { Amount, Change, Money, Price } from '@/components/figures'
import { useLiveTrade } from '@/features/trades/api'
import { sayReason } from '@/features/trades/reason'
import { TradesTable } from '@/features/trades/trades-table'
import type { CardOf, TradeView } from '@/lib/api/types'

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

/** A trade that a bot made, in two lines; the same card tells of its end. */
export function TradeCard({ card }: { card: CardOf<'trade'> }) {
  const { t } = useTranslation()
  const { stake_currency: currency } = card
  const trade = useLiveTrade(card.trade)
  return (
    <CardFrame
      kind="trade"
      title={t(trade.is_open ? 'card.tradeOpened' : 'card.tradeClosed', { pair: trade.pair })}
      Icon={ArrowLeftRight}
      at={trade.closed_at ?? trade.opened_at}
      mode={trade.mode}
      flush
    >
      <div className="flex flex-wrap items-baseline gap-x-3 px-3 py-2 text-xs leading-5">
        <span className="min-w-0 truncate font-medium">{trade.bot_name}</span>
        <TradeFacts trade={trade} currency={currency} />
        <Change
          value={trade.profit}
          currency={currency}
          percent={trade.profit_pct}
          className="ml-auto text-sm font-semibold"
        />
      </div>
    </CardFrame>
  )
}

function TradeFacts({ trade, currency }: { trade: TradeView; currency: string }) {
  const { t } = useTranslation()
  const second = trade.is_open ? 'trades.current' : 'trades.exit'
  return (
    <p className="flex min-w-0 flex-wrap gap-x-3 text-muted-foreground max-sm:order-last max-sm:basis-full">
      <span>
        <Amount value={trade.amount} currency={trade.pair.split('/')[0] ?? ''} />
        {' · '}
        <Money value={trade.stake} currency={currency} />
      </span>
      <span>
        {t('trades.entry')} <Price value={trade.entry_rate} />
      </span>
      <span>
        {t(second)} <Price value={trade.exit_rate ?? trade.current_rate} />
      </span>
      <span>{sayReason(trade, t)}</span>
    </p>
  )
}
