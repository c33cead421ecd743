import type { Limits, LimitsChange } from '@/lib/api/types'
import { compare, readDecimal, signOf } from '@/lib/money'

export const AMOUNTS = ['max_trade', 'max_bot_exposure', 'max_total_exposure'] as const
export type AmountField = (typeof AMOUNTS)[number]
export type Draft = Record<AmountField, string> & { blocked_pairs: string }
export type DraftError = 'amount' | 'pairs' | 'aboveBot' | 'aboveTotal'

const PAIR = /^[A-Z0-9]{1,20}\/[A-Z0-9]{2,10}$/

export function draftOf(limits: Limits): Draft {
  return {
    max_trade: limits.max_trade,
    max_bot_exposure: limits.max_bot_exposure,
    max_total_exposure: limits.max_total_exposure,
    blocked_pairs: limits.blocked_pairs.join(', '),
  }
}

function readPairs(text: string): string[] {
  const pairs = text
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter(Boolean)
  return [...new Set(pairs)].sort()
}

function isAbove(inner: string, outer: string): boolean {
  const [part, whole] = [readDecimal(inner), readDecimal(outer)]
  return part !== null && whole !== null && compare(part, whole) > 0
}

/** What is wrong with each field of a draft: a trade has to fit into its bot, and a bot into the total. */
export function errorsOf(draft: Draft): Partial<Record<keyof Draft, DraftError>> {
  const errors: Partial<Record<keyof Draft, DraftError>> = {}
  for (const field of AMOUNTS) {
    const amount = readDecimal(draft[field])
    if (amount === null || signOf(amount) <= 0) errors[field] = 'amount'
  }
  if (isAbove(draft.max_trade, draft.max_bot_exposure)) errors.max_trade ??= 'aboveBot'
  if (isAbove(draft.max_bot_exposure, draft.max_total_exposure))
    errors.max_bot_exposure ??= 'aboveTotal'
  if (readPairs(draft.blocked_pairs).some((pair) => !PAIR.test(pair)))
    errors.blocked_pairs = 'pairs'
  return errors
}

/** Only what a draft changes of the limits; null where it changes nothing. */
export function changeOf(limits: Limits, draft: Draft): LimitsChange | null {
  const change: LimitsChange = {}
  for (const field of AMOUNTS) {
    const amount = readDecimal(draft[field])
    if (amount !== null && compare(amount, limits[field]) !== 0) change[field] = amount
  }
  const pairs = readPairs(draft.blocked_pairs)
  if (pairs.join() !== [...limits.blocked_pairs].sort().join()) change.blocked_pairs = pairs
  return Object.keys(change).length > 0 ? change : null
}
