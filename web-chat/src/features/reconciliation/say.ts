import type { TFunction } from 'i18next'

import type { FindingView } from '@/lib/api/types'
import { formatExact, isDecimal, signOf } from '@/lib/money'

/** Names that the exchange gives, which may look like numbers. */
const NAMES = new Set(['order', 'symbol', 'pair', 'asset'])

/** As much of a finding as its sentences need: a proposal to settle it carries no more. */
export type Difference = Pick<FindingView, 'pair' | 'numbers'> & { kind: string }

/** What was found, in one sentence with its numbers, every digit of them. */
export function sayFinding(finding: Difference, t: TFunction, locale: string): string {
  return t([`finding.${finding.kind}`, 'finding.unknown'], valuesOf(finding, locale))
}

/** What a person can do about it. */
export function sayWhatToDo(finding: Difference, t: TFunction, locale: string): string {
  return t([`finding.${finding.kind}.hint`, 'finding.unknown.hint'], valuesOf(finding, locale))
}

/** What is done about it once a person has said so. */
export function sayRemedy(finding: Difference, t: TFunction, locale: string): string {
  return t([`finding.${finding.kind}.settle`, 'finding.unknown.settle'], valuesOf(finding, locale))
}

function valuesOf({ kind, pair, numbers }: Difference, locale: string): Record<string, string> {
  const written = Object.entries(numbers).map(([name, value]) => [
    name,
    NAMES.has(name) || !isDecimal(value) ? value : sayNumber(name, value, locale),
  ])
  const market = pair ?? numbers.pair ?? numbers.symbol ?? '–'
  return {
    kind,
    ...(Object.fromEntries(written) as Record<string, string>),
    pair: market,
    base: market.split('/')[0] ?? market,
  }
}

/** What came or left has its sign. */
function sayNumber(name: string, value: string, locale: string): string {
  const sign = name === 'change' && signOf(value) > 0 ? '+' : ''
  return sign + formatExact(value, locale, 0)
}
