import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Change, Price } from '@/components/figures'
import { EmptyNote } from '@/components/note'
import { Table, Tbody, Td, Th, Thead } from '@/components/ui/table'
import { When } from '@/components/when'
import type { TradeView } from '@/lib/api/types'

import { tradeKey } from './api'
import { sayReason } from './reason'
import { TradePair } from './trade-pair'

/** Trades for a narrow place: three columns of two lines each. */
export function TradesList({
  trades,
  currency,
  empty,
  showBot = true,
  actionsOf,
}: {
  trades: readonly TradeView[]
  currency: string
  empty: string
  /** Where all are of one bot, why each was entered or left says more. */
  showBot?: boolean
  /** What can be done with a trade, at the end of its line. */
  actionsOf?: (trade: TradeView) => ReactNode
}) {
  const { t } = useTranslation()
  if (trades.length === 0) return <EmptyNote>{empty}</EmptyNote>
  return (
    <Table>
      <Thead>
        <tr>
          <Th>{t('trades.pair')}</Th>
          <Th numeric>
            {t(trades.some((trade) => trade.is_open) ? 'trades.entryNow' : 'trades.entryExit')}
          </Th>
          <Th numeric>{t('trades.profit', { currency })}</Th>
          {actionsOf && (
            <Th className="pl-0">
              <span className="sr-only">{t('bots.actions')}</span>
            </Th>
          )}
        </tr>
      </Thead>
      <Tbody>
        {trades.map((trade) => (
          <Row key={tradeKey(trade)} {...{ trade, currency, showBot, actionsOf }} />
        ))}
      </Tbody>
    </Table>
  )
}

function Row({
  trade,
  currency,
  showBot,
  actionsOf,
}: {
  trade: TradeView
  currency: string
  showBot: boolean
  actionsOf?: (trade: TradeView) => ReactNode
}) {
  const { t } = useTranslation()
  const more = showBot ? trade.bot_name : sayReason(trade, t)
  return (
    <tr data-testid="trade-row">
      <Td className="w-full max-w-0">
        <TradePair trade={trade} />
        <p className="truncate text-[11px] text-muted-foreground" title={more}>
          <When at={trade.closed_at ?? trade.opened_at} /> · {more}
        </p>
      </Td>
      <Td numeric>
        <p className="text-muted-foreground">
          <Price value={trade.entry_rate} />
        </p>
        <Price value={trade.exit_rate ?? trade.current_rate} />
      </Td>
      <Td numeric>
        <p>
          <Change value={trade.profit} currency={currency} unit={false} />
        </p>
        <Change percent={trade.profit_pct} shape={false} className="text-[11px]" />
      </Td>
      {actionsOf && (
        <Td numeric className="pl-0">
          {actionsOf(trade)}
        </Td>
      )}
    </tr>
  )
}
