import { expect, test } from 'vitest'

import { sampleLimits } from '@/testing/samples'

import { changeOf, draftOf, errorsOf } from './change'

const { limits } = sampleLimits()
const draft = draftOf(limits)

test('a draft that says the same changes nothing, however it is written', () => {
  expect(changeOf(limits, draft)).toBeNull()
  const same = { ...draft, max_trade: '100,00', blocked_pairs: 'shib/usdt' }
  expect(changeOf(limits, same)).toBeNull()
})

test('only what was changed is sent', () => {
  const next = { ...draft, max_trade: '80', blocked_pairs: 'SHIB/USDT, doge/usdt' }
  expect(changeOf(limits, next)).toEqual({
    max_trade: '80',
    blocked_pairs: ['DOGE/USDT', 'SHIB/USDT'],
  })
  expect(changeOf(limits, { ...draft, blocked_pairs: '' })).toEqual({ blocked_pairs: [] })
})

test('what cannot be read is named', () => {
  expect(errorsOf(draft)).toEqual({})
  expect(
    errorsOf({
      max_trade: '0',
      max_bot_exposure: 'much',
      max_total_exposure: '-1',
      blocked_pairs: 'BTC',
    }),
  ).toEqual({
    max_trade: 'amount',
    max_bot_exposure: 'amount',
    max_total_exposure: 'amount',
    blocked_pairs: 'pairs',
  })
})

test('limits that contradict each other are named where they are too large', () => {
  expect(errorsOf({ ...draft, max_trade: '500.01' })).toEqual({ max_trade: 'aboveBot' })
  expect(errorsOf({ ...draft, max_total_exposure: '400' })).toEqual({
    max_bot_exposure: 'aboveTotal',
  })
  expect(errorsOf({ ...draft, max_trade: '500', max_bot_exposure: '500,0' })).toEqual({})
})
