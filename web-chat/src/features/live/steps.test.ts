import { expect, test } from 'vitest'

import { sampleCheck, sampleLive } from '@/testing/samples'

import { stepsOf } from './steps'

const states = (...args: Parameters<typeof sampleCheck>) =>
  Object.fromEntries(
    stepsOf(sampleLive({ check: sampleCheck(...args) }), 'USDT').map(({ name, state }) => [
      name,
      state,
    ]),
  )

test('of a key with which all is well every step passes', () => {
  expect(new Set(Object.values(states()))).toEqual(new Set(['pass']))
})

test('where nobody has looked, or nobody answered, nothing else is known', () => {
  const unseen = stepsOf(sampleLive({ check: null }), 'USDT').filter(
    ({ name }) => name !== 'confined',
  )
  expect(new Set(unseen.map(({ state }) => state))).toEqual(new Set(['unknown']))
  expect(states({ answered: false })).toMatchObject({ answers: 'fail', configured: 'unknown' })
  expect(states({ answered: false, can_withdraw: null })).toMatchObject({ withdraws: 'unknown' })
})

test('a step that fails leaves those after it unknown', () => {
  expect(states({ configured: false })).toMatchObject({
    answers: 'pass',
    configured: 'fail',
    works: 'unknown',
    clock: 'unknown',
  })
  expect(states({ key_works: false, clock_skew_ms: -1_001 })).toMatchObject({
    works: 'fail',
    trades: 'unknown',
    withdraws: 'unknown',
    balance: 'unknown',
    clock: 'fail',
  })
})

test('a key that can withdraw fails, and so does one of which the exchange does not tell', () => {
  expect(states({ can_withdraw: true })).toMatchObject({ withdraws: 'fail', trades: 'pass' })
  expect(states({ can_withdraw: null })).toMatchObject({ withdraws: 'fail' })
  const untold = stepsOf(sampleLive({ check: sampleCheck({ can_withdraw: null }) }), 'USDT').filter(
    (one) => one.untold,
  )
  expect(untold.map(({ name }) => name)).toEqual(['withdraws'])
})

test('a key for any address and an empty account are warnings', () => {
  expect(states({ ip_restricted: false, balances: {} })).toMatchObject({
    address: 'warn',
    balance: 'warn',
    works: 'pass',
  })
})

test.each([
  [1_000, 'pass'],
  [-1_000, 'pass'],
  [1_001, 'fail'],
])('clocks %i ms apart: %s', (clock_skew_ms, state) => {
  expect(states({ clock_skew_ms })).toMatchObject({ clock: state })
})

test('a machine that cannot keep bots to their own folders is a warning, whoever looked at the key', () => {
  for (const check of [null, sampleCheck()]) {
    const steps = stepsOf(sampleLive({ check, confined: false }), 'USDT')
    expect(steps.find(({ name }) => name === 'confined')?.state).toBe('warn')
  }
})
