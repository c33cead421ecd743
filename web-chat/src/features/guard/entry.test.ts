import { beforeAll, expect, test } from 'vitest'

import type { AuditEntry } from '@/lib/api/types'
import { i18n } from '@/lib/i18n'
import { sampleBot } from '@/testing/samples'

import { newestOfEach, outcomeOf, sayDoor, summaryOf, textOf } from './entry'

const entry = (changes: Partial<AuditEntry>): AuditEntry => ({
  id: 1,
  submission: 's1',
  at: '2026-03-01T12:00:00Z',
  phase: 'done',
  action_kind: 'start_bot',
  risk: 'simulated',
  action: { kind: 'start_bot', bot_id: 'a1b2c3d4e5f6' },
  actor: { door: 'web', agent: false },
  door: 'web',
  verdict: 'allow',
  rule: null,
  numbers: {},
  receipt: null,
  seal: 'f00d',
  ...changes,
})
const refused = entry({
  phase: 'judged',
  verdict: 'refuse',
  rule: 'trade_size',
  numbers: { asked: '500', max: '100', currency: 'USDT' },
})

beforeAll(() => i18n.changeLanguage('en'))

test('a line tells what became of its action', () => {
  expect(outcomeOf(entry({}))).toBe('done')
  expect(outcomeOf(entry({ phase: 'judged' }))).toBe('judged')
  expect(outcomeOf(refused)).toBe('refused')
  expect(outcomeOf(entry({ phase: 'failed', rule: 'start_failed' }))).toBe('failed')
  expect(outcomeOf(entry({ phase: 'invalid', verdict: 'invalid' }))).toBe('failed')
  expect(outcomeOf(entry({ phase: 'decided', verdict: 'expire' }))).toBe('expired')
})

test('of the lines of one submission the newest stands for all', () => {
  const lines = [
    entry({ id: 3 }),
    entry({ id: 2, phase: 'judged' }),
    entry({ id: 1, submission: 's0' }),
  ]
  expect(newestOfEach(lines).map(({ id }) => id)).toEqual([3, 1])
})

test('a line is about a bot by name, or about the rule that refused', () => {
  expect(summaryOf(entry({}), [sampleBot()], i18n.t, 'en')).toBe('Dip buyer')
  expect(summaryOf(entry({}), [], i18n.t, 'en')).toBe('a1b2c3d4e5f6')
  expect(summaryOf(refused, [], i18n.t, 'en')).toContain('above the limit of 100 USDT')
})

test('what the guard did by itself is told with its reason', () => {
  const paused = entry({ door: 'guard', rule: refused.rule, numbers: refused.numbers })
  expect(summaryOf(paused, [sampleBot()], i18n.t, 'en')).toMatch(/^Dip buyer: .*above the limit/)
})

test('a line is found by the words that it shows', () => {
  const text = textOf(refused, [], i18n.t, 'en')
  for (const word of ['refused', 'start bot', 'browser', 'trade_size', '100 usdt'])
    expect(text).toContain(word)
})

test('a change of limits is about what it changed', () => {
  const changes = { max_trade: '80.5', max_bot_exposure: null, blocked_pairs: ['DOGE/USDT'] }
  const line = entry({ action_kind: 'set_limits', action: { kind: 'set_limits', changes } })
  expect(summaryOf(line, [], i18n.t, 'en')).toBe('largest trade 80.5, blocked pairs DOGE/USDT')
})

test('what the assistant asked is told from what a person clicked', () => {
  expect(sayDoor(entry({}), i18n.t)).toBe('browser')
  expect(sayDoor(entry({ actor: { agent: true } }), i18n.t)).toBe('assistant · browser')
})

test("a line about a person's word tells which, and of what", () => {
  const proposed = entry({
    id: 1,
    phase: 'proposed',
    verdict: 'confirm',
    rule: 'live',
    action: { kind: 'start_bot', bot_id: 'a1b2c3d4e5f6' },
  })
  const about = { kind: 'start_bot', proposal: 'p', hash: 'h' }
  const confirmed = entry({ id: 2, phase: 'decided', verdict: 'confirm', action: about })
  const denied = entry({ id: 2, phase: 'decided', verdict: 'refuse', action: about })
  const late = entry({ id: 2, phase: 'decided', verdict: 'invalid', action: about })
  expect([proposed, confirmed, denied, late].map(outcomeOf)).toEqual([
    'asked',
    'confirmed',
    'denied',
    'failed',
  ])
  const [newest] = newestOfEach([confirmed, proposed])
  expect(newest && summaryOf(newest, [sampleBot()], i18n.t, 'en')).toBe('Dip buyer')
})

test('an order is about its bot and its pair, or why it was refused', () => {
  const action = { kind: 'order', bot_id: 'a1b2c3d4e5f6', pair: 'BTC/USDT', side: 'buy' }
  const order = entry({ phase: 'order', action_kind: 'order', action })
  expect(outcomeOf(order)).toBe('judged')
  expect(summaryOf(order, [sampleBot()], i18n.t, 'en')).toBe('Dip buyer · BTC/USDT')
  const refusal = {
    ...order,
    verdict: 'refuse',
    rule: 'pair_blocked',
    numbers: { pair: 'BTC/USDT' },
  }
  expect(outcomeOf(refusal)).toBe('refused')
  expect(summaryOf(refusal, [sampleBot()], i18n.t, 'en')).toBe(
    'Dip buyer: BTC/USDT is on the list of blocked pairs.',
  )
})

test('what was tightened at once stands beside what was put to a person', () => {
  const tight = { kind: 'set_limits', changes: { max_trade: '50' } }
  const loose = { kind: 'set_limits', changes: { max_drawdown: '900' } }
  const lines = [
    entry({ id: 4, phase: 'proposed', verdict: 'confirm', action: loose }),
    entry({ id: 3, phase: 'done', action: tight }),
    entry({ id: 2, phase: 'judged', action: tight }),
  ]
  expect(newestOfEach(lines).map((line) => [line.id, outcomeOf(line)])).toEqual([
    [4, 'asked'],
    [3, 'done'],
  ])
})
