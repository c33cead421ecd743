import type { TFunction } from 'i18next'

import { formatSpan } from '@/lib/duration'
import { formatExact, isDecimal, signOf } from '@/lib/money'

/** An action as JSON: its kind, and what belongs to it. */
export type ActionContent = Readonly<Record<string, unknown>>

/** One value of an action in words; a long one, such as a source, stands in a box of its own. */
export interface Value {
  name: string
  label: string
  text: string
  /** What it is now, where that differs. */
  before?: string
  long: boolean
}

/** What is needed to say an action in words. */
export interface Speech {
  t: TFunction
  locale: string
  currency: string
  botName: string | null
}

const MONEY = new Set([
  'stake',
  'price',
  'max_trade',
  'max_bot_exposure',
  'max_total_exposure',
  'max_daily_loss',
  'max_drawdown',
])
/** An amount and its unit stay on one line. */
const NBSP = '\u00a0'
const PERCENT = new Set(['stoploss_pct', 'take_profit_pct'])
const SPANS: Readonly<Record<string, number>> = { reentry_cooldown_s: 1, minutes: 60 }
const LONG = new Set(['source', 'description'])
/** What a person called something: it is no number, even where it looks like one. */
const NAMES = new Set(['name', 'description', 'strategy', 'source'])

/** In which order values are told: whose, what, how much, and then how. The rest comes after these as it is. */
const ORDER = [
  'bot',
  'name',
  'description',
  'mode',
  'pair',
  'pairs',
  'trade_id',
  'stake',
  'max_trade',
  'max_bot_exposure',
  'max_total_exposure',
  'max_open_trades',
  'amount',
  'price',
  'minutes',
  'strategy',
  'parameters',
  'timeframe',
  'stoploss_pct',
  'take_profit_pct',
]

function rank([name]: readonly [string, unknown]): number {
  const at = ORDER.indexOf(name)
  return at < 0 ? ORDER.length : at
}

/** Actions whose values are limits: they go by longer names than the same settings of a bot. */
const LIMITS = new Set(['set_limits', 'set_bot_limits'])

/** Actions in which null says that something stays as it is, and not what it becomes. */
const LEAVES_NULL = new Set(['edit_bot', 'set_limits'])

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The values of an action side by side, whatever they are wrapped in. */
export function contentOf(action: ActionContent): [string, unknown][] {
  const { kind, bot_id, spec, changes, ...rest } = action
  const changed = Object.entries(isRecord(changes) ? changes : {}).filter(
    ([, value]) => value !== null || !LEAVES_NULL.has(String(kind)),
  )
  const own = Object.entries({ ...(isRecord(spec) ? spec : {}), ...rest })
  const bot: [string, unknown][] = bot_id === undefined ? [] : [['bot', bot_id]]
  return [...bot, ...own, ...changed].sort((a, b) => rank(a) - rank(b))
}

function labelOf(kind: string, name: string, t: TFunction): string {
  const families = LIMITS.has(kind) ? ['limits.field', 'field'] : ['field', 'limits.field', 'value']
  return t(
    families.map((family) => `${family}.${name === 'bot' ? 'bot_id' : name}`),
    { defaultValue: name },
  )
}

/** A single value in words: every digit with its unit, a list with commas, nothing as what it then means. */
export function sayValue(name: string, value: unknown, speech: Speech): string {
  const { t, locale, currency } = speech
  if (value === null || (PERCENT.has(name) && signOf(textOf(value)) === 0))
    return t([`value.${name}.none`, 'value.none'])
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
  if (Array.isArray(value))
    return value.length > 0 ? value.map(String).join(', ') : t('value.empty')
  if (isRecord(value)) return sayPairs(value) || t([`value.${name}.none`, 'value.none'])
  const text = textOf(value)
  if (name === 'bot') return speech.botName ? `${speech.botName} (${text})` : text
  if (name === 'mode') return t(`mode.${text}`, { defaultValue: text })
  if (NAMES.has(name) || !isDecimal(text)) return text
  if (MONEY.has(name)) return `${formatExact(text, locale)}${NBSP}${currency}`
  if (PERCENT.has(name)) return `${formatExact(text, locale)}%`
  const seconds = SPANS[name]
  if (seconds !== undefined && signOf(text) === 0) return t('limits.noCooldown')
  if (seconds !== undefined) return formatSpan(Number(text) * seconds, locale)
  return formatExact(text, locale, 0)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function sayPairs(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${textOf(value)}`)
    .join(', ')
}

/** The whole content of an action, every value of it; `now` is what the same values are before it. */
export function valuesOf(
  action: ActionContent,
  speech: Speech,
  now: Readonly<Record<string, unknown>> = {},
): Value[] {
  const kind = String(action.kind)
  // A limit that a bot has not of its own is that of all.
  const say = (name: string, value: unknown) =>
    value === null && LIMITS.has(kind) ? speech.t('limit.as_all') : sayValue(name, value, speech)
  return contentOf(action)
    .filter(([name, value]) => !(LONG.has(name) && value === ''))
    .map(([name, value]) => {
      const text = say(name, value)
      const before = name in now ? say(name, now[name]) : undefined
      return {
        name,
        label: labelOf(kind, name, speech.t),
        text,
        before: before === text ? undefined : before,
        long: name === 'source',
      }
    })
}

function isOnlyRealMoney(changes: unknown): boolean {
  const changed = Object.entries(changes ?? {}).filter(([, value]) => value !== null)
  return changed.length === 1 && isRecord(changes) && changes.live_enabled === true
}

/** Which form of a sentence fits: the same kind of action may do quite different things. */
function formOf(action: ActionContent): string {
  switch (action.kind) {
    case 'panic':
      return action.exit === true ? 'panic.exit' : 'panic'
    case 'change_mode':
      return action.mode === 'SIMULATED' ? 'change_mode.simulated' : 'change_mode.real'
    case 'set_limits':
      return isOnlyRealMoney(action.changes) ? 'set_limits.live' : 'set_limits'
    case 'force_exit':
      return typeof action.trade_id === 'number' ? 'force_exit' : 'force_exit.all'
    default:
      return String(action.kind)
  }
}

/** What an action would do, in one sentence. */
export function sayAction(action: ActionContent, speech: Speech): string {
  const { t, botName } = speech
  const values = Object.fromEntries(
    contentOf(action).map(([name, value]) => [name, sayValue(name, value, speech)]),
  )
  const name = botName ?? values.name ?? t('value.theBot')
  const kind = String(action.kind)
  return t(`does.${formOf(action)}`, {
    ...values,
    name: action.kind === 'create_bot' || action.kind === 'store_strategy' ? values.name : name,
    defaultValue: t(`action.${kind}`, { defaultValue: kind }),
  })
}
