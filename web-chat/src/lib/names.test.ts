import { beforeAll, expect, test } from 'vitest'

import serverEn from '@words/en.json'
import serverPt from '@words/pt-BR.json'

import openapi from '../../openapi.json'
import { Failure, sayFailure } from './api/failure'
import { i18n, LANGUAGES } from './i18n'
import { sayHold, sayRule, sayValues } from './names'

beforeAll(() => i18n.changeLanguage('pt-BR'))

const say = (values: Record<string, string>) => sayValues(values, i18n.t, 'pt-BR')

test('our own names are said in words, numbers as the language writes them', () => {
  expect(
    say({ action: 'start_bot', state: 'RUNNING', limit: 'max_trade', asked: '1500.5' }),
  ).toEqual({
    action: 'Iniciar bot',
    state: 'em execução',
    limit: 'maior operação',
    asked: '1.500,5',
  })
  expect(say({ reason: 'process_ended', venue: 'demo' })).toEqual({
    reason: 'O processo terminou sozinho.',
    venue: 'Corretora demo',
  })
  expect(say({ reason: 'exited:1' }).reason).toBe('O processo terminou sozinho (código 1).')
})

test('what has no words stays, and a bot called like one of our names keeps its name', () => {
  expect(say({ reason: 'no idea', action: 'fly', name: 'timeout', bot: 'RUNNING' })).toEqual({
    reason: 'no idea',
    action: 'fly',
    name: 'timeout',
    bot: 'RUNNING',
  })
})

test('a failure says them too', () => {
  const failure = new Failure(409, {
    error: 'wrong_state',
    numbers: { action: 'delete_bot', name: 'alpha', state: 'RUNNING' },
  })
  expect(sayFailure(failure, i18n.t, 'pt-BR')).toBe(
    '“Excluir bot” não é possível agora: alpha está em execução.',
  )
})

test('a sentence says as much as there are numbers for', () => {
  const rule = (numbers: Record<string, string>) => sayRule('trade_size', numbers, i18n.t, 'pt-BR')
  const numbers = { asked: '500', max: '100', currency: 'USDT' }
  expect(rule(numbers)).not.toContain('BTC/USDT')
  expect(rule({ ...numbers, pair: 'BTC/USDT' })).toContain('BTC/USDT')
  expect(sayRule('unknown_bot', { bot: 'x', known: 'y' }, i18n.t, 'pt-BR')).toContain('“x”')
  expect(sayRule('brand_new', {}, i18n.t, 'pt-BR')).toBe('brand_new')
})

test('a hold says its own reason, and a limit of one bot goes by the name of the limit', () => {
  const numbers = { losses: '12', max: '12' }
  expect(sayHold('loss_streak', numbers, i18n.t, 'pt-BR')).toContain('12')
  expect(sayHold('brand_new', {}, i18n.t, 'pt-BR')).toBe(i18n.t('hold.unknown'))
  expect(say({ limit: 'bots.a1b2c3d4e5f6.max_trade' }).limit).toBe('maior operação')
})

/** Settings that change nothing of what a bot does: a mandate outlives them. */
const NOT_TRADING = ['name', 'description']
const ENDS = [
  'none',
  'source',
  'source_unreadable',
  'stopped',
  'deleted',
  'start_failed',
  'key_can_withdraw',
  'superseded',
  'void',
]
const { 'BotSpec-Output': BotSpec, Limits } = openapi.components.schemas
const SETTINGS = Object.keys(BotSpec.properties).filter((name) => !NOT_TRADING.includes(name))
const LIMITS = Object.keys(Limits.properties).filter((name) => name !== 'bots')

test.each([...ENDS, ...SETTINGS, ...LIMITS.map((name) => `limits.${name}`)])(
  'that a mandate is void for %s has words of its own in both languages',
  (reason) => {
    const said = LANGUAGES.map((language) =>
      String(i18n.getResource(language, 'translation', `mandate.${reason}`) ?? ''),
    )
    expect(said[0]).toBeTruthy()
    expect(said[1]).toBeTruthy()
    expect(say({ reason }).reason).toBe(said[1])
  },
)

test('a limit and a setting of the same name are told apart', () => {
  expect(say({ reason: 'max_open_trades' }).reason).toBe('o número de operações abertas mudou')
  expect(say({ reason: 'limits.max_open_trades' }).reason).toBe(
    'o limite de operações abertas foi afrouxado',
  )
})

test.each(['beyond_inventory', 'order_in_doubt', 'bot_gone', 'other_venue', 'unreconciled'])(
  'the rule %s has a name, a sentence and what to do',
  (rule) => {
    for (const words of [serverEn, serverPt] as Record<string, string>[])
      for (const key of [`rule.${rule}`, `refusal.${rule}`, `refusal.${rule}.hint`])
        expect(words[key], key).toBeTruthy()
  },
)

test.each(openapi.components.schemas.FindingView.properties.kind.enum)(
  'a difference of the kind %s has a name, a sentence and what to do',
  (kind) => {
    for (const words of [serverEn, serverPt] as Record<string, string>[])
      for (const key of [`difference.${kind}`, `finding.${kind}`, `finding.${kind}.hint`])
        expect(words[key], key).toBeTruthy()
    expect(sayRule('unreconciled', { finding: kind }, i18n.t, 'pt-BR')).toContain(
      (serverPt as Record<string, string>)[`difference.${kind}`],
    )
  },
)
