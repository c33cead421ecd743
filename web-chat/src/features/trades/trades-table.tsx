import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Change, Price } from '@/components/figures'
import { EmptyNote } from '@/components/note'
import { Table, Tbody, Td, Th, Thead } from '@/components/ui/table'
import { When } from '@/components/when'
import type { TradeView } from '@/lib/api/types'
import { useMedia } from '@/lib/use-media'

import { tradeKey } from './api'
import { sayReason } from './reason'
import { TradePair } from './trade-pair'
import { TradesList } from './trades-list'

/**
 * Trades side by side; the second price is the exit of a closed trade and the price now of an open one. On a phone they
 * are told in two lines each.
 */
export function TradesTable({
  trades,
  currency,
  empty,
  showBot = true,
  actionsOf,
}: {
  trades: readonly TradeView[]
  currency: string
  empty: string
  showBot?: boolean
  /** What can be done with a trade, at the end of its line. */
  actionsOf?: (trade: TradeView) => ReactNode
}) {
  const { t } = useTranslation()
  const narrow = useMedia('(max-width: 639px)')
  if (trades.length === 0) return <EmptyNote>{empty}</EmptyNote>
  if (narrow) return <TradesList {...{ trades, currency, empty, showBot, actionsOf }} />
  return (
    <Table>
      <Thead>
        <tr>
          <Th>{t('trades.pair')}</Th>
          {showBot && <Th>{t('trades.bot')}</Th>}
          <Th numeric>{t('trades.entry')}</Th>
          <Th numeric>{t('trades.now')}</Th>
          <Th numeric>{t('trades.profit', { currency })}</Th>
          <Th className="pl-6">{t('trades.reason')}</Th>
          <Th numeric>{t('trades.when')}</Th>
          {actionsOf && (
            <Th>
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
  return (
    <tr data-testid="trade-row">
      <Td>
        <TradePair trade={trade} />
      </Td>
      {showBot && <Td className="max-w-40 truncate">{trade.bot_name}</Td>}
      <Td numeric>
        <Price value={trade.entry_rate} />
      </Td>
      <Td numeric>
        <Price value={trade.exit_rate ?? trade.current_rate} />
      </Td>
      <Td numeric>
        <Change value={trade.profit} currency={currency} percent={trade.profit_pct} unit={false} />
      </Td>
      <Td className="max-w-36 truncate pl-6 text-muted-foreground">{sayReason(trade, t)}</Td>
      <Td numeric className="text-muted-foreground">
        <When at={trade.closed_at ?? trade.opened_at} />
      </Td>
      {actionsOf && <Td numeric>{actionsOf(trade)}</Td>}
    </tr>
  )
}
