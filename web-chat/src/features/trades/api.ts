import { type QueryClient, useQuery } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'
import type { TradeView } from '@/lib/api/types'

export const OPEN_TRADES_KEY = ['trades', 'open'] as const
export const CLOSED_TRADES_KEY = ['trades', 'closed'] as const
const KEPT = 100

function readTrades(open: boolean): Promise<TradeView[]> {
  return answer(api.GET('/api/trades', { params: { query: { open, limit: KEPT } } }))
}

export function useOpenTrades() {
  return useQuery({
    queryKey: OPEN_TRADES_KEY,
    queryFn: () => readTrades(true),
  })
}

export function useClosedTrades() {
  return useQuery({
    queryKey: CLOSED_TRADES_KEY,
    queryFn: () => readTrades(false),
  })
}

export function tradeKey(trade: TradeView): string {
  return `${trade.bot_id}:${trade.trade_id}`
}

/** A trade as it is now where it is open; as it was told otherwise. */
export function useLiveTrade(trade: TradeView): TradeView {
  const open = useOpenTrades().data
  if (!trade.is_open) return trade
  return open?.find((known) => tradeKey(known) === tradeKey(trade)) ?? trade
}

/** Puts a trade in its place in a list, at the front where it is new. */
export function withTrade(trades: readonly TradeView[], trade: TradeView): TradeView[] {
  const key = tradeKey(trade)
  const known = trades.some((old) => tradeKey(old) === key)
  return known
    ? trades.map((old) => (tradeKey(old) === key ? trade : old))
    : [trade, ...trades].slice(0, KEPT)
}

function withoutTrade(trades: readonly TradeView[], trade: TradeView): TradeView[] {
  return trades.filter((old) => tradeKey(old) !== tradeKey(trade))
}

/** Writes a trade into every list that it belongs to, and out of the list of open ones when it closes. */
export function keepTrade(client: QueryClient, trade: TradeView): void {
  const put = (old: TradeView[] | undefined) => old && withTrade(old, trade)
  const drop = (old: TradeView[] | undefined) => old && withoutTrade(old, trade)
  client.setQueryData(OPEN_TRADES_KEY, trade.is_open ? put : drop)
  client.setQueryData(CLOSED_TRADES_KEY, trade.is_open ? drop : put)
  client.setQueryData(['trades', 'bot', trade.bot_id], put)
}
