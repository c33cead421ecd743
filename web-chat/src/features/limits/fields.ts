import type { BotLimits, Limits } from '@/lib/api/types'
import { compare } from '@/lib/money'

/** How a limit gets looser: a larger `most`, a smaller `least`, fewer `shut`, more `open`, a `switch` turned on. */
type Sense = 'most' | 'least' | 'shut' | 'open' | 'switch'

export const NUMBERS = {
  max_trade: { unit: 'money', sense: 'most' },
  max_bot_exposure: { unit: 'money', sense: 'most' },
  max_total_exposure: { unit: 'money', sense: 'most' },
  max_open_trades: { unit: 'count', sense: 'most', least: 1, most: 1_000 },
  max_daily_loss: { unit: 'money', sense: 'most' },
  max_drawdown: { unit: 'money', sense: 'most' },
  max_loss_streak: { unit: 'count', sense: 'most', least: 1, most: 1_000 },
  max_entries_per_minute: { unit: 'count', sense: 'most', least: 1, most: 100_000 },
  max_entries_per_hour: { unit: 'count', sense: 'most', least: 1, most: 100_000 },
  reentry_cooldown_s: { unit: 'seconds', sense: 'least', least: 0, most: 2_592_000 },
} as const satisfies Partial<
  Record<
    keyof Limits,
    { unit: 'money' | 'count' | 'seconds'; sense: Sense; least?: number; most?: number }
  >
>

export type NumberField = keyof typeof NUMBERS
export type ListField = 'blocked_pairs' | 'allowed_pairs'
export type LimitField = NumberField | ListField | 'live_enabled'

export const NUMBER_FIELDS = Object.keys(NUMBERS) as NumberField[]
export const LIST_FIELDS: readonly ListField[] = ['blocked_pairs', 'allowed_pairs']

export const GROUPS = [
  {
    key: 'size',
    fields: ['max_trade', 'max_bot_exposure', 'max_total_exposure', 'max_open_trades'],
  },
  { key: 'loss', fields: ['max_daily_loss', 'max_drawdown', 'max_loss_streak'] },
  {
    key: 'pace',
    fields: ['max_entries_per_minute', 'max_entries_per_hour', 'reentry_cooldown_s'],
  },
] as const satisfies readonly { key: string; fields: readonly NumberField[] }[]

/** What a single bot has no limit of its own for. */
export const OF_ALL_ONLY: ReadonlySet<LimitField> = new Set(['max_total_exposure', 'live_enabled'])

/** A limit's value: an amount, a number, pairs, or on and off. */
export type LimitValue = string | number | boolean | readonly string[]

export function isList(value: LimitValue): value is readonly string[] {
  return typeof value === 'object'
}

/** Whether every pair that fits `narrow`, a pair or a pattern, fits `wide` too. */
export function covers(wide: string, narrow: string): boolean {
  const [outer, inner] = [wide.split('/'), narrow.split('/')]
  return outer.every((side, index) =>
    new RegExp(`^${side.replaceAll('*', '.*')}$`).test(inner[index] ?? ''),
  )
}

/** Whether a limit is looser after than before. */
export function isLooser(field: LimitField, after: LimitValue, before: LimitValue): boolean {
  if (field === 'live_enabled') return after === true && before !== true
  if (field === 'blocked_pairs') {
    const blocked = after as readonly string[]
    return (before as readonly string[]).some((pair) => !blocked.includes(pair))
  }
  if (field === 'allowed_pairs') {
    const allowed = before as readonly string[]
    return (after as readonly string[]).some((pair) => !allowed.some((wide) => covers(wide, pair)))
  }
  const order = compare(String(after), String(before))
  return NUMBERS[field].sense === 'least' ? order < 0 : order > 0
}

/** Whether two values of a limit are the same, however they are written. */
export function isSame(field: LimitField, a: LimitValue, b: LimitValue): boolean {
  if (isList(a) && isList(b)) return [...a].sort().join() === [...b].sort().join()
  if (field in NUMBERS) return compare(String(a), String(b)) === 0
  return a === b
}

/** What holds for one bot: its own limits where it has some, and those of all for the rest. */
export function limitOf(field: LimitField, all: Limits, own: BotLimits | undefined): LimitValue {
  const ofAll = all[field]
  if (!own || OF_ALL_ONLY.has(field)) return ofAll
  const its = own[field as keyof BotLimits] ?? null
  if (its === null) return ofAll
  return field === 'blocked_pairs'
    ? [...new Set([...all.blocked_pairs, ...(its as string[])])]
    : its
}
