import { beforeAll, describe, expect, test } from 'vitest'

import { i18n } from '@/lib/i18n'

import { type ActionContent, sayAction, type Speech, valuesOf } from './words'

beforeAll(() => i18n.changeLanguage('en'))

const speech: Speech = { t: i18n.t, locale: 'en', currency: 'USDT', botName: 'Dip buyer' }
const ID = 'a1b2c3d4e5f6'

describe('a sentence', () => {
  test.each([
    [{ kind: 'force_entry', bot_id: ID, pair: 'BTC/USDT' }, 'Have Dip buyer buy BTC/USDT now'],
    [{ kind: 'force_exit', bot_id: ID, trade_id: 7 }, 'Have Dip buyer sell trade 7 now'],
    [
      { kind: 'force_exit', bot_id: ID, trade_id: null },
      'Have Dip buyer sell all that it holds now',
    ],
    [
      { kind: 'lock_pair', bot_id: ID, pair: 'BTC/USDT', minutes: 240 },
      'Keep Dip buyer out of BTC/USDT for 4 hr',
    ],
    [{ kind: 'panic', exit: true }, 'Stop all new entries and sell everything'],
    [{ kind: 'panic', exit: false }, 'Stop all new entries'],
    [
      { kind: 'change_mode', bot_id: ID, mode: 'REAL_MARKET_SPOT' },
      'Let Dip buyer trade with real money',
    ],
    [{ kind: 'create_bot', spec: { name: 'Night owl' } }, 'Create the bot Night owl'],
    [
      { kind: 'store_strategy', name: 'Mine', source: 'x' },
      'Keep the strategy Mine so that bots can run it',
    ],
    [
      { kind: 'set_limits', changes: { live_enabled: true, max_trade: null } },
      'Turn real money on',
    ],
    [
      { kind: 'set_limits', changes: { live_enabled: true, max_trade: '5' } },
      'Change the limits of all bots',
    ],
    [{ kind: 'set_limits', changes: { live_enabled: false } }, 'Change the limits of all bots'],
    [{ kind: 'something_new' }, 'something_new'],
  ])('%j is said as %j', (action, said) => {
    expect(sayAction(action, speech)).toBe(said)
  })

  test('a bot that is gone is called by its id, or just a bot', () => {
    const action = { kind: 'stop_bot', bot_id: ID }
    expect(sayAction(action, { ...speech, botName: null })).toBe('Stop the bot')
  })
})

const told = (action: Record<string, unknown>, now?: Record<string, unknown>) =>
  Object.fromEntries(
    valuesOf(action, speech, now).map(({ name, text, before }) => [name, [before, text]]),
  )

describe('values', () => {
  test('every value is said, what was left out as what it then means', () => {
    const action = {
      kind: 'force_entry',
      bot_id: ID,
      pair: 'BTC/USDT',
      stake: null,
      price: '97000',
    }
    expect(told(action)).toEqual({
      bot: [undefined, 'Dip buyer (a1b2c3d4e5f6)'],
      pair: [undefined, 'BTC/USDT'],
      stake: [undefined, 'the bot’s own'],
      price: [undefined, '97,000.00\u00a0USDT'],
    })
  })

  test('all of a new bot is there', () => {
    const spec = {
      name: 'Night owl',
      description: '',
      mode: 'SIMULATED',
      pairs: ['BTC/USDT', 'ETH/USDT'],
      parameters: { rsi: 30 },
      stake: '50',
      stoploss_pct: null,
      take_profit_pct: '2.5',
    }
    expect(told({ kind: 'create_bot', spec })).toEqual({
      name: [undefined, 'Night owl'],
      mode: [undefined, 'simulated'],
      pairs: [undefined, 'BTC/USDT, ETH/USDT'],
      parameters: [undefined, 'rsi = 30'],
      stake: [undefined, '50.00\u00a0USDT'],
      stoploss_pct: [undefined, 'the strategy’s own'],
      take_profit_pct: [undefined, '2.50%'],
    })
  })

  test('limits that are left as they are are left out; those that change say from what', () => {
    const changes = { max_trade: '500', blocked_pairs: [], reentry_cooldown_s: null }
    const now = { max_trade: '100', blocked_pairs: ['SHIB/USDT'], reentry_cooldown_s: 0 }
    expect(told({ kind: 'set_limits', changes }, now)).toEqual({
      max_trade: ['100.00\u00a0USDT', '500.00\u00a0USDT'],
      blocked_pairs: ['SHIB/USDT', 'none'],
    })
  })

  test("a bot's own limit that is dropped is that of all", () => {
    const action = { kind: 'set_bot_limits', bot_id: ID, changes: { max_trade: null } }
    expect(told(action, { max_trade: '20' }).max_trade).toEqual([
      '20.00\u00a0USDT',
      'as for all bots',
    ])
  })

  test('nothing is rounded: a person confirms every digit', () => {
    const changes = { max_trade: '119.999999', max_daily_loss: '1234567890123456.12345678' }
    expect(told({ kind: 'set_limits', changes }, { max_trade: '100.001' })).toEqual({
      max_trade: ['100.001\u00a0USDT', '119.999999\u00a0USDT'],
      max_daily_loss: [undefined, '1,234,567,890,123,456.12345678\u00a0USDT'],
    })
    const entry = { kind: 'force_entry', stake: '50.00000001', price: '97000.12345' }
    expect(told(entry)).toEqual({
      stake: [undefined, '50.00000001\u00a0USDT'],
      price: [undefined, '97,000.12345\u00a0USDT'],
    })
    expect(told({ kind: 'edit_bot', changes: { stoploss_pct: '2.34567' } }).stoploss_pct).toEqual([
      undefined,
      '2.34567%',
    ])
    const exit = { kind: 'force_exit', amount: '0.123456789' }
    expect(told(exit).amount).toEqual([undefined, '0.123456789'])
    const lock = { kind: 'lock_pair', minutes: 1_441 }
    expect(told(lock).minutes).toEqual([undefined, '1,441 min'])
  })

  test('a name that looks like a number is no number', () => {
    expect(told({ kind: 'create_bot', spec: { name: '1000.50' } }).name).toEqual([
      undefined,
      '1000.50',
    ])
  })

  test('a source stands in a box of its own', () => {
    const [, source] = valuesOf({ kind: 'store_strategy', name: 'Mine', source: 'x = 1' }, speech)
    expect(source).toMatchObject({ name: 'source', text: 'x = 1', long: true })
  })
})

describe('labels', () => {
  const fields = {
    create_bot: 'name mode pairs timeframe strategy parameters stake max_open_trades stoploss_pct',
    start_bot: 'bot_id paused',
    force_entry: 'bot_id pair stake price',
    force_exit: 'bot_id trade_id amount',
    lock_pair: 'bot_id pair minutes',
    panic: 'exit',
    set_limits: 'max_trade max_daily_loss reentry_cooldown_s blocked_pairs live_enabled',
    store_strategy: 'name source',
  }
  test.each(Object.entries(fields))('of %s are words', (kind, names) => {
    const content = names.split(' ').map((name) => [name, name === 'bot_id' ? ID : '1'])
    const action = { kind, ...Object.fromEntries(content) } as ActionContent
    const missing = valuesOf(action, { ...speech, t: i18n.t }).filter(
      ({ name, label }) =>
        label === name && !i18n.exists(`field.${name === 'bot' ? 'bot_id' : name}`),
    )
    expect(missing).toEqual([])
  })

  test('values stand in the order in which a person reads them', () => {
    const spec = { max_open_trades: 2, name: 'Night owl', pairs: ['BTC/USDT'], stake: '50' }
    const names = valuesOf({ kind: 'create_bot', spec }, speech).map(({ name }) => name)
    expect(names).toEqual(['name', 'pairs', 'stake', 'max_open_trades'])
  })
})
