import { QueryClient } from '@tanstack/react-query'
import { beforeEach, expect, test } from 'vitest'

import { BOTS_KEY } from '@/features/bots/api'
import { GUARD_KEY } from '@/features/guard/key'
import { LIMITS_KEY } from '@/features/limits/key'
import { RECONCILIATION_KEY } from '@/features/live/key'
import { PROPOSALS_KEY } from '@/features/proposals/api'
import { CLOSED_TRADES_KEY, OPEN_TRADES_KEY } from '@/features/trades/api'
import type { BotView, GuardView, ProposalView } from '@/lib/api/types'
import {
  sampleBot,
  sampleGuard,
  sampleLimits,
  samplePanic,
  sampleProposal,
  sampleReconciliation,
  sampleRefusedOrder,
  sampleTrade,
} from '@/testing/samples'

import { deskHandlers } from './stream'

let client: QueryClient
let on: ReturnType<typeof deskHandlers>

beforeEach(() => {
  client = new QueryClient()
  on = deskHandlers(client)
  client.setQueryData(BOTS_KEY, [sampleBot()])
  client.setQueryData(OPEN_TRADES_KEY, [sampleTrade()])
  client.setQueryData(CLOSED_TRADES_KEY, [])
})

const statesOf = () => client.getQueryData<BotView[]>(BOTS_KEY)?.map(({ state }) => state)

test('a bot takes its place, a new one comes at the end, a deleted one goes', () => {
  on.bot?.(sampleBot({ state: 'PAUSED' }))
  on.bot?.(sampleBot({ id: 'ffffffffffff', state: 'CREATED' }))
  expect(statesOf()).toEqual(['PAUSED', 'CREATED'])
  on.bot_deleted?.({ id: 'a1b2c3d4e5f6' })
  expect(statesOf()).toEqual(['CREATED'])
})

test('a trade that closes moves from the open ones to the closed ones', () => {
  const closed = sampleTrade({ is_open: false, exit_rate: '97400', profit: '0.21' })
  on.trade?.(closed)
  expect(client.getQueryData(OPEN_TRADES_KEY)).toEqual([])
  expect(client.getQueryData(CLOSED_TRADES_KEY)).toEqual([closed])
})

test('a tick brings the profits of bots and open trades up to date', () => {
  on.tick?.({
    bots: [sampleBot({ unrealised_profit: '1.5' })],
    trades: [sampleTrade({ profit: '1.5' })],
  })
  expect(client.getQueryData(BOTS_KEY)).toMatchObject([{ unrealised_profit: '1.5' }])
  expect(client.getQueryData(OPEN_TRADES_KEY)).toMatchObject([{ profit: '1.5' }])
})

test('what was never asked for is not made up from events', () => {
  const fresh = new QueryClient()
  deskHandlers(fresh).bot?.(sampleBot())
  expect(fresh.getQueryData(BOTS_KEY)).toBeUndefined()
})

test('limits are taken as they come', () => {
  on.limits?.(sampleLimits())
  expect(client.getQueryData(LIMITS_KEY)).toEqual(sampleLimits())
})

test('a proposal takes its place, a new one comes first, and none goes back', () => {
  const first = sampleProposal({ id: 'a' })
  client.setQueryData(PROPOSALS_KEY, [first])
  on.proposal?.(sampleProposal({ id: 'b' }))
  on.proposal?.({ ...first, status: 'done' })
  on.proposal?.(first)
  const known = client.getQueryData<ProposalView[]>(PROPOSALS_KEY)
  expect(known?.map(({ id, status }) => [id, status])).toEqual([
    ['b', 'pending'],
    ['a', 'done'],
  ])
})

test('the guard is taken as it comes, a refused order is put before the others, once', () => {
  on.guard?.(sampleGuard({ panic: samplePanic(), refused_orders: [sampleRefusedOrder()] }))
  on.order_refused?.(sampleRefusedOrder({ id: 'p2' }))
  on.order_refused?.(sampleRefusedOrder({ id: 'p2' }))
  const guard = client.getQueryData<GuardView>(GUARD_KEY)
  expect(guard?.panic?.door).toBe('telegram')
  expect(guard?.refused_orders.map(({ id }) => id)).toEqual(['p2', 'p1'])
})

test('what came of comparing is told as it is', () => {
  const told = sampleReconciliation({ agrees: false })
  on.reconciliation?.(told)
  expect(client.getQueryData(RECONCILIATION_KEY)).toEqual(told)
})
