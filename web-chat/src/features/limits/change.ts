import type { BotLimits, BotLimitsChange, Limits, LimitsChange } from '@/lib/api/types'
import { compare, readDecimal, signOf } from '@/lib/money'

import {
  isList,
  isLooser,
  isSame,
  type LimitField,
  limitOf,
  type LimitValue,
  LIST_FIELDS,
  type ListField,
  NUMBER_FIELDS,
  type NumberField,
  NUMBERS,
  OF_ALL_ONLY,
} from './fields'

/** What is being written into the form. Of a bot, an empty field leaves that limit to those of all. */
export type Draft = Record<NumberField, string> &
  Record<ListField, readonly string[]> & { live_enabled: boolean }

export type DraftError =
  | 'amount'
  | 'whole'
  | 'pairs'
  | 'patterns'
  | 'aboveBot'
  | 'aboveTotal'
  | 'aboveHour'
  | 'looserThanAll'
export type DraftErrors = Partial<Record<LimitField, DraftError>>

/** Whose limits a form is about: those of all, or with `own` those of a single bot. */
export interface Scope {
  all: Limits
  /** Undefined for the limits of all; empty for a bot that has none of its own yet. */
  own?: BotLimits
}

export const PAIR = /^[A-Z0-9]{1,20}\/[A-Z0-9]{2,10}$/
export const PATTERN = /^[A-Z0-9*]{1,20}\/[A-Z0-9*]{1,10}$/

export function fieldsOf({ own }: Scope): LimitField[] {
  const fields: LimitField[] = [...NUMBER_FIELDS, ...LIST_FIELDS, 'live_enabled']
  return own ? fields.filter((field) => !OF_ALL_ONLY.has(field)) : fields
}

/** Limits by name, of whatever scope. */
type Held = Readonly<Partial<Record<LimitField, LimitValue | null>>>

export function draftOf({ all, own }: Scope): Draft {
  const held: Held = own ?? all
  const numbers = NUMBER_FIELDS.map((field) => [field, String(held[field] ?? '')])
  const lists = LIST_FIELDS.map((field) => [field, held[field] ?? []])
  return {
    ...(Object.fromEntries([...numbers, ...lists]) as Omit<Draft, 'live_enabled'>),
    live_enabled: all.live_enabled,
  }
}

function readNumber(field: NumberField, text: string): string | null {
  const value = readDecimal(text)
  const kind = NUMBERS[field]
  if (value === null) return null
  if (kind.unit === 'money')
    return signOf(value) > 0 && (value.split('.')[1] ?? '').length <= 8 ? value : null
  const whole = /^\d{1,9}$/.test(value) ? Number(value) : null
  return whole !== null && whole >= kind.least && whole <= kind.most ? String(whole) : null
}

/** What a draft says of a limit; null where it leaves it to those of all, undefined where it cannot be read. */
function valueOf(field: LimitField, draft: Draft, { own }: Scope): LimitValue | null | undefined {
  if (field === 'live_enabled') return draft.live_enabled
  if (field === 'blocked_pairs' || field === 'allowed_pairs')
    return own && draft[field].length === 0 ? null : draft[field]
  if (own && draft[field].trim() === '') return null
  const value = readNumber(field, draft[field])
  if (value === null) return undefined
  return NUMBERS[field].unit === 'money' ? value : Number(value)
}

/** What would hold under a draft: for a bot, the limits of all where it has none of its own. */
function effectOf(field: LimitField, draft: Draft, scope: Scope): LimitValue | undefined {
  const value = valueOf(field, draft, scope)
  if (value === undefined) return undefined
  return scope.own ? limitOf(field, scope.all, { [field]: value }) : (value ?? undefined)
}

function isAbove(inner: LimitValue | undefined, outer: LimitValue | undefined): boolean {
  if (inner === undefined || outer === undefined) return false
  return compare(String(inner), String(outer)) > 0
}

function findUnreadable(draft: Draft, scope: Scope): DraftErrors {
  const errors: DraftErrors = {}
  for (const field of NUMBER_FIELDS)
    if (valueOf(field, draft, scope) === undefined && fieldsOf(scope).includes(field))
      errors[field] = NUMBERS[field].unit === 'money' ? 'amount' : 'whole'
  if (draft.blocked_pairs.some((pair) => !PAIR.test(pair))) errors.blocked_pairs = 'pairs'
  if (draft.allowed_pairs.some((pair) => !PATTERN.test(pair))) errors.allowed_pairs = 'patterns'
  return errors
}

/** What is wrong with each field of a draft: a trade has to fit into its bot, and a bot into the total. */
export function errorsOf(draft: Draft, scope: Scope): DraftErrors {
  const errors = findUnreadable(draft, scope)
  const held = (field: LimitField) => effectOf(field, draft, scope)
  if (scope.own)
    for (const field of fieldsOf(scope)) {
      const value = valueOf(field, draft, scope)
      if (value === undefined || value === null || field === 'blocked_pairs') continue
      if (field !== 'allowed_pairs' || !errors.allowed_pairs)
        if (isLooser(field, value, scope.all[field])) errors[field] ??= 'looserThanAll'
    }
  // A bot's own exposure bounds its trades, where it has no limit of its own for these.
  const ownTrade = !scope.own || valueOf('max_trade', draft, scope) !== null
  if (ownTrade && isAbove(held('max_trade'), held('max_bot_exposure')))
    errors.max_trade ??= 'aboveBot'
  if (!scope.own && isAbove(held('max_bot_exposure'), held('max_total_exposure')))
    errors.max_bot_exposure ??= 'aboveTotal'
  if (!scope.own && isAbove(held('max_entries_per_minute'), held('max_entries_per_hour')))
    errors.max_entries_per_minute ??= 'aboveHour'
  return errors
}

/** Only what a draft changes, for a bot with null where a limit is left to those of all; null where it is nothing. */
export function changeOf(draft: Draft, scope: Scope): (LimitsChange & BotLimitsChange) | null {
  const held: Held = scope.own ?? scope.all
  const changed = fieldsOf(scope).flatMap((field) => {
    const before = held[field] ?? null
    const after = valueOf(field, draft, scope)
    if (after === undefined) return []
    const same = before === null || after === null ? before === after : isSame(field, after, before)
    return same
      ? []
      : [[field, after !== null && isList(after) ? [...after].sort() : after] as const]
  })
  return changed.length > 0 ? Object.fromEntries(changed) : null
}

export interface ChangedLimit {
  field: LimitField
  before: LimitValue
  after: LimitValue
  looser: boolean
}

/** What a draft changes of what holds, tighter or looser. */
export function effectsOf(draft: Draft, scope: Scope): ChangedLimit[] {
  return fieldsOf(scope).flatMap((field) => {
    const before = limitOf(field, scope.all, scope.own)
    const after = effectOf(field, draft, scope)
    if (after === undefined || isSame(field, after, before)) return []
    return [{ field, before, after, looser: isLooser(field, after, before) }]
  })
}

/** Pairs or patterns that a person wrote, in whatever way, with what was there before. */
export function readPairs(text: string): string[] {
  return text
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter(Boolean)
}
