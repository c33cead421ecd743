import { describe, expect, test } from 'vitest'

import serverEn from '@words/en.json'
import serverPt from '@words/pt-BR.json'
import webEn from '@/locales/en.json'
import webPt from '@/locales/pt-BR.json'

import { Failure, sayFailure } from './api/failure'
import { i18n, localNumbers, readLanguage } from './i18n'

type Words = Record<string, string>
const en: Words = { ...serverEn, ...webEn }
const pt: Words = { ...serverPt, ...webPt }

const sources = import.meta.glob<string>(
  ['/src/**/*.{ts,tsx}', '!/src/**/*.test.*', '!/src/testing/**'],
  { query: '?raw', import: 'default', eager: true },
)

const blanks = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).sort().join()

/** Every key that a source names: whole ones, and the beginnings of those that it puts together. */
function keysIn(source: string): string[] {
  return [...source.matchAll(/\bt\(\s*\[?\s*(['`])(.+?)\1/g)].map(([, , key = '']) => key)
}

describe('words', () => {
  test('both languages have the same keys', () => {
    expect(Object.keys(pt).sort()).toEqual(Object.keys(en).sort())
  })

  test('the screen does not redefine what the server says', () => {
    expect(Object.keys(webEn).filter((key) => key in serverEn)).toEqual([])
  })

  test.each(Object.keys(en))('%s has the same blanks in both languages', (key) => {
    expect(blanks(pt[key] ?? '')).toBe(blanks(en[key] ?? ''))
  })

  test('every key that is used is there', () => {
    const used = new Set(Object.values(sources).flatMap(keysIn))
    expect(used.size).toBeGreaterThan(100)
    const missing = [...used].filter((key) => {
      const begin = key.split('${')[0] ?? ''
      return key.includes('${')
        ? !Object.keys(en).some((known) => known.startsWith(begin))
        : !(key in en)
    })
    expect(missing).toEqual([])
  })
})

describe('saying', () => {
  test('a number that is missing stays as its name', async () => {
    await i18n.changeLanguage('en')
    expect(i18n.t('refusal.trade_size', { asked: '500', max: '100' })).toContain('[currency]')
  })

  test('numbers are written as the language writes them, the rest stays', () => {
    expect(localNumbers({ asked: '1500.5', pair: 'BTC/USDT' }, 'pt-BR')).toEqual({
      asked: '1.500,5',
      pair: 'BTC/USDT',
    })
  })

  test('a refusal is said in the language of the screen', async () => {
    await i18n.changeLanguage('pt-BR')
    const refusal = new Failure(403, {
      error: 'refused',
      rule: 'trade_size',
      numbers: { asked: '500', max: '100', currency: 'USDT' },
      detail: '500 USDT a trade is above the limit of 100 USDT.',
    })
    expect(sayFailure(refusal, i18n.t, 'pt-BR')).toBe(
      '500 USDT por operação passa do limite de 100 USDT.',
    )
  })

  test.each([
    [{ name: 'Dip buyer', reason: 'exited' }, 'Dip buyer does not answer.'],
    [{ reason: 'not a pong' }, 'The bot does not answer.'],
  ])('a problem that lacks a number is said without it', async (numbers, said) => {
    await i18n.changeLanguage('en')
    const lost = new Failure(502, { error: 'bot_unreachable', numbers, detail: '' })
    expect(sayFailure(lost, i18n.t, 'en')).toContain(said)
  })

  test('what pydantic found wrong has a sentence, whatever it is', async () => {
    await i18n.changeLanguage('en')
    const wrong = (expected: string) => {
      const numbers = { field: 'name', value: 'x', expected, bound: '' }
      return sayFailure(new Failure(422, { error: 'invalid', numbers, detail: '' }), i18n.t, 'en')
    }
    expect(wrong('string_unicode')).toMatch(/It holds a character that cannot be read.$/)
    expect(wrong('timezone_offset')).toMatch(/It cannot be written like that.$/)
  })

  test('an error without words is said as the server said it', async () => {
    await i18n.changeLanguage('en')
    const odd = new Failure(418, { error: 'teapot', detail: 'I am a teapot.' })
    expect(sayFailure(odd, i18n.t, 'en')).toBe('I am a teapot.')
    expect(sayFailure(new Failure(502, '<html>'), i18n.t, 'en')).toContain('502')
    expect(sayFailure(new TypeError('failed to fetch'), i18n.t, 'en')).toBe(webEn['error.network'])
  })

  test('a language tag leads to the nearest of ours', () => {
    expect(['pt-PT', 'pt-BR', 'en-GB', 'de'].map(readLanguage)).toEqual([
      'pt-BR',
      'pt-BR',
      'en',
      'en',
    ])
  })
})
