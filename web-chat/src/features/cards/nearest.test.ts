import { expect, test } from 'vitest'

import { nearestSaying } from './nearest'

const numbers = { asked: '500.0', max: '100', currency: 'USDT' }

test.each([
  [
    'create a bot for BTC/USDT with 500 USDT per trade',
    'create a bot for BTC/USDT with 100 USDT per trade',
  ],
  ['crie um bot com 500,00 USDT', 'crie um bot com 100 USDT'],
  ['500 USDT in 500 trades', null],
  ['all of it', null],
  [null, null],
])('%j becomes %j', (said, nearest) => {
  expect(nearestSaying(said, numbers)).toBe(nearest)
})

test('a rule without an asked and an allowed number has none', () => {
  expect(nearestSaying('create a live bot with 50 USDT', { mode: 'REAL_MARKET_SPOT' })).toBeNull()
})
