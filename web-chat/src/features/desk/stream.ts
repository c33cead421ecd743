import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { BOTS_KEY, dropBot, keepBot } from '@/features/bots/api'
import { keepRefusedOrder } from '@/features/guard/api'
import { GUARD_KEY } from '@/features/guard/key'
import { LIMITS_KEY } from '@/features/limits/key'
import { LIVE_KEY, RECONCILIATION_KEY } from '@/features/live/key'
import { keepProposal, PROPOSALS_KEY } from '@/features/proposals/api'
import { keepTrade } from '@/features/trades/api'
import type { BotView, OrderRefusalView, ProposalView, TradeView } from '@/lib/api/types'
import { type Connection, follow } from '@/lib/follow'
import { SESSION_KEY } from '@/lib/query'

interface Tick {
  bots: BotView[]
  trades: TradeView[]
}

const TOTALS = [['portfolio'], LIMITS_KEY, ['audit']] as const
const EVERYTHING = [
  BOTS_KEY,
  ['trades'],
  ['status'],
  PROPOSALS_KEY,
  GUARD_KEY,
  ...TOTALS,
  LIVE_KEY,
  RECONCILIATION_KEY,
] as const

function refetch(client: QueryClient, keys: readonly (readonly string[])[]): void {
  for (const queryKey of keys) void client.invalidateQueries({ queryKey })
}

/** What each event of the desk writes into what is known. */
export function deskHandlers(client: QueryClient): Record<string, (data: unknown) => void> {
  return {
    bot: (data) => {
      keepBot(client, data as BotView)
      refetch(client, TOTALS)
    },
    bot_deleted: (data) => {
      dropBot(client, (data as { id: string }).id)
      refetch(client, TOTALS)
    },
    trade: (data) => {
      keepTrade(client, data as TradeView)
      refetch(client, TOTALS)
    },
    limits: (data) => {
      client.setQueryData(LIMITS_KEY, data)
      refetch(client, [LIVE_KEY])
    },
    proposal: (data) => {
      keepProposal(client, data as ProposalView)
      refetch(client, [['audit']])
    },
    guard: (data) => {
      client.setQueryData(GUARD_KEY, data)
      refetch(client, [['audit']])
    },
    order_refused: (data) => {
      keepRefusedOrder(client, data as OrderRefusalView)
      refetch(client, [['audit']])
    },
    reconciliation: (data) => client.setQueryData(RECONCILIATION_KEY, data),
    tick: (data) => {
      const { bots, trades } = data as Tick
      bots.forEach((bot) => keepBot(client, bot))
      trades.forEach((trade) => keepTrade(client, trade))
      refetch(client, [['portfolio']])
    },
  }
}

/** Follows the desk's events for as long as the page is open, and tells how the connection is. */
export function useDeskStream(): Connection {
  const client = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    let wasOpen = false
    return follow('/api/events', {
      on: deskHandlers(client),
      onConnection: (next) => {
        // What happened while nobody listened is fetched again.
        if (next === 'open' && wasOpen) refetch(client, EVERYTHING)
        if (next === 'open') wasOpen = true
        if (next === 'lost') refetch(client, [SESSION_KEY])
        setConnection(next)
      },
    })
  }, [client])
  return connection
}
