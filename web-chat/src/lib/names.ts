import type { TFunction } from 'i18next'

import { i18n, localNumbers } from './i18n'

/** Which blanks of a sentence hold names of ours, and where the words for them stand. A bot's name is never one. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  action: ['action'],
  state: ['state'],
  limit: ['limit'],
  field: ['field', 'limit'],
  expected: ['expected'],
  reason: ['mandate', 'health.reason', 'failure', 'field', 'limit'],
  finding: ['difference'],
  venue: ['venue'],
  rule: ['rule'],
  what: ['fact', 'limit'],
  why: ['proposal.why'],
  status: ['proposal.status'],
  from: ['switch'],
  to: ['switch'],
}

type Numbers = Readonly<Record<string, string>>

/** The values of a refusal's or a problem's sentence: numbers as the language writes them, our names in words. */
export function sayValues(values: Numbers, t: TFunction, locale: string): Record<string, string> {
  const local = localNumbers(values, locale)
  return Object.fromEntries(
    Object.entries(local).map(([blank, value]) => [blank, sayName(blank, value, local, t)]),
  )
}

function sayName(blank: string, value: string, values: Numbers, t: TFunction): string {
  const families = FAMILIES[blank]
  if (!families) return value
  // A reason may bring its number along, as in "exited:1"; a limit its bot, as in "bots.<id>.max_trade".
  const [name = '', number = ''] = value.split(':')
  const names = [name, name.slice(name.lastIndexOf('.') + 1)]
  const keys = names.flatMap((each) => families.map((family) => `${family}.${each}`))
  // What pydantic found wrong, and nobody wrote a sentence for.
  if (blank === 'expected' && /^[a-z]+(_[a-z]+)+$/.test(value)) keys.push('expected.other_writing')
  return t(keys, { ...values, code: number, signal: number, defaultValue: value })
}

/**
 * A sentence of the server's, said with its numbers; one of `key+number` where that number fills more than `key` holds,
 * and of several the one with the most blanks.
 */
export function sayKey(
  keys: readonly string[],
  numbers: Numbers,
  t: TFunction,
  locale: string,
  defaultValue: string,
): string {
  const fullest = keys.flatMap((key) => [
    ...Object.keys(numbers)
      .map((number) => `${key}+${number}`)
      .sort((a, b) => blanksOf(b) - blanksOf(a)),
    key,
  ])
  return t(fullest, { ...sayValues(numbers, t, locale), defaultValue })
}

function blanksOf(key: string): number {
  const sentence: unknown = i18n.getResource('en', 'translation', key)
  return typeof sentence === 'string' ? (sentence.match(/\{\w+\}/g) ?? []).length : 0
}

/** A rule of the guard with its numbers as a sentence; a problem and a difference, which are no rules, are said, too. */
export function sayRule(rule: string, numbers: Numbers, t: TFunction, locale: string): string {
  return sayKey([`refusal.${rule}`, `problem.${rule}`, `finding.${rule}`], numbers, t, locale, rule)
}

/** Why the guard has paused a bot. */
export function sayHold(rule: string, numbers: Numbers, t: TFunction, locale: string): string {
  return sayKey([`hold.${rule}`, 'hold.unknown'], numbers, t, locale, rule)
}
