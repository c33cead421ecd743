import type { TFunction } from 'i18next'

import { localNumbers } from './i18n'

/** Which blanks of a sentence hold names of ours, and where the words for them stand. A bot's name is never one. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  action: ['action'],
  state: ['state'],
  limit: ['limit'],
  field: ['field', 'limit'],
  expected: ['expected'],
  reason: ['health.reason', 'failure'],
  venue: ['venue'],
}

/** The values of a refusal's or a problem's sentence: numbers as the language writes them, our names in words. */
export function sayValues(
  values: Readonly<Record<string, string>>,
  t: TFunction,
  locale: string,
): Record<string, string> {
  const local = localNumbers(values, locale)
  return Object.fromEntries(
    Object.entries(local).map(([blank, value]) => [blank, sayName(blank, value, local, t)]),
  )
}

function sayName(
  blank: string,
  value: string,
  values: Readonly<Record<string, string>>,
  t: TFunction,
): string {
  const families = FAMILIES[blank]
  if (!families) return value
  // A reason may bring its number along, as in "exited:1".
  const [name = '', number = ''] = value.split(':')
  const keys = families.map((family) => `${family}.${name}`)
  return t(keys, { ...values, code: number, signal: number, defaultValue: value })
}
