import { describe, expect, test } from 'vitest'

import type { BotLimits } from '@/lib/api/types'
import { sampleLimits } from '@/testing/samples'

import { changeOf, type Draft, draftOf, effectsOf, errorsOf, readPairs } from './change'

const all = sampleLimits().limits
const scope = { all }
const draft = draftOf(scope)
const own = (limits: BotLimits = {}) => ({ all, own: limits })
const with_ = (changes: Partial<Draft>) => ({ ...draft, ...changes })

describe('the limits of all', () => {
  test('a draft that says the same changes nothing, however it is written', () => {
    expect(changeOf(draft, scope)).toBeNull()
    expect(changeOf(with_({ max_trade: '100,00', max_open_trades: '050' }), scope)).toBeNull()
    expect(effectsOf(draft, scope)).toEqual([])
  })

  test('only what was changed is sent, numbers as numbers and money as text', () => {
    const next = with_({
      max_trade: '80',
      max_open_trades: '5',
      blocked_pairs: ['SHIB/USDT', 'DOGE/USDT'],
      live_enabled: true,
    })
    expect(changeOf(next, scope)).toEqual({
      max_trade: '80',
      max_open_trades: 5,
      blocked_pairs: ['DOGE/USDT', 'SHIB/USDT'],
      live_enabled: true,
    })
    expect(changeOf(with_({ blocked_pairs: [] }), scope)).toEqual({ blocked_pairs: [] })
  })

  test('what cannot be read is named', () => {
    expect(errorsOf(draft, scope)).toEqual({})
    const next = with_({
      max_trade: '0',
      max_daily_loss: '1.123456789',
      max_open_trades: '2.5',
      reentry_cooldown_s: '-1',
      blocked_pairs: ['BTC'],
      allowed_pairs: ['USDT'],
    })
    expect(errorsOf(next, scope)).toEqual({
      max_trade: 'amount',
      max_daily_loss: 'amount',
      max_open_trades: 'whole',
      reentry_cooldown_s: 'whole',
      blocked_pairs: 'pairs',
      allowed_pairs: 'patterns',
    })
  })

  test('limits that contradict each other are named where they are too large', () => {
    expect(errorsOf(with_({ max_trade: '500.01' }), scope)).toEqual({ max_trade: 'aboveBot' })
    expect(errorsOf(with_({ max_total_exposure: '400' }), scope)).toEqual({
      max_bot_exposure: 'aboveTotal',
    })
    expect(errorsOf(with_({ max_entries_per_minute: '301' }), scope)).toEqual({
      max_entries_per_minute: 'aboveHour',
    })
    expect(errorsOf(with_({ max_trade: '500', max_bot_exposure: '500,0' }), scope)).toEqual({})
  })

  test.each<[Partial<Draft>, boolean]>([
    [{ max_trade: '99.99' }, false],
    [{ max_trade: '100.01' }, true],
    [{ reentry_cooldown_s: '60' }, false],
    [{ max_loss_streak: '13' }, true],
    [{ blocked_pairs: ['DOGE/USDT', 'SHIB/USDT'] }, false],
    [{ blocked_pairs: ['DOGE/USDT'] }, true],
    [{ allowed_pairs: ['*/USDT'] }, false],
    [{ allowed_pairs: ['*/*', 'BTC/USDT'] }, false],
    [{ live_enabled: true }, true],
  ])('%j is looser: %s', (change, looser) => {
    expect(effectsOf(with_(change), scope).map((effect) => effect.looser)).toEqual([looser])
  })

  test('a wait before re-entry gets looser by getting shorter, allowed pairs by fitting more', () => {
    const waits = { all: { ...all, reentry_cooldown_s: 60, allowed_pairs: ['*/USDT'] } }
    const before = draftOf(waits)
    const looserBy = (change: Partial<Draft>) =>
      effectsOf({ ...before, ...change }, waits).map(({ looser }) => looser)
    expect(looserBy({ reentry_cooldown_s: '0' })).toEqual([true])
    expect(looserBy({ allowed_pairs: ['BTC/USDT', 'E*/USDT'] })).toEqual([false])
    expect(looserBy({ allowed_pairs: ['*/USDT', '*/BTC'] })).toEqual([true])
  })
})

describe('the limits of a bot', () => {
  test('an empty field leaves a limit to those of all: nothing, or null where it had its own', () => {
    const none = draftOf(own())
    expect(none.max_trade).toBe('')
    expect(changeOf(none, own())).toBeNull()
    const tight = own({ max_trade: '20', allowed_pairs: ['BTC/USDT'] })
    const emptied = { ...draftOf(tight), max_trade: '', allowed_pairs: [] }
    expect(changeOf(emptied, tight)).toEqual({ max_trade: null, allowed_pairs: null })
    expect(effectsOf(emptied, tight)).toMatchObject([
      { field: 'max_trade', before: '20', after: '100', looser: true },
      { field: 'allowed_pairs', looser: true },
    ])
  })

  test('nothing is looser for a bot than for all', () => {
    const next = {
      ...draftOf(own()),
      max_trade: '101',
      max_open_trades: '51',
      blocked_pairs: ['DOGE/USDT'],
    }
    expect(errorsOf(next, own())).toEqual({
      max_trade: 'looserThanAll',
      max_open_trades: 'looserThanAll',
    })
  })

  test("a bot's exposure bounds its trades by itself, but not beneath a trade limit of its own", () => {
    const small = { ...draftOf(own()), max_bot_exposure: '50' }
    expect(errorsOf(small, own())).toEqual({})
    expect(errorsOf({ ...small, max_trade: '60' }, own())).toEqual({ max_trade: 'aboveBot' })
  })

  test('pairs that are blocked for a bot come on top of those that are blocked for all', () => {
    const next = { ...draftOf(own()), blocked_pairs: ['DOGE/USDT'] }
    expect(effectsOf(next, own())).toMatchObject([
      { field: 'blocked_pairs', after: ['SHIB/USDT', 'DOGE/USDT'], looser: false },
    ])
  })
})

test('pairs are read in whatever way they are separated', () => {
  expect(readPairs(' btc/usdt,ETH/usdt ; */usdc')).toEqual(['BTC/USDT', 'ETH/USDT', '*/USDC'])
})
