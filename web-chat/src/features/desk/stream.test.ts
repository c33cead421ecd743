import { QueryClient } from '@tanstack/react-query'
import { beforeEach, expect, test } from 'vitest'

import { BOTS_KEY } from '@/features/bots/api'
import { LIMITS_KEY } from '@/features/limits/api'
import { CLOSED_TRADES_KEY, OPEN_TRADES_KEY } from '@/features/trades/api'
import type { BotView } from '@/lib/api/types'
import { sampleBot, sampleLimits, sampleTrade } from '@/testing/samples'

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
