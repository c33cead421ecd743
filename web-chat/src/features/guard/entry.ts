import type { TFunction } from 'i18next'

import type { AuditEntry, BotView } from '@/lib/api/types'
import { localNumbers } from '@/lib/i18n'
import { sayRule } from '@/lib/names'

export type Outcome =
  'judged' | 'asked' | 'confirmed' | 'denied' | 'expired' | 'done' | 'refused' | 'failed'

/** What a line of the audit trail says of its action: allowed, put to a person, done, refused by a rule, or gone wrong. */
export function outcomeOf({ phase, verdict }: AuditEntry): Outcome {
  if (phase === 'decided' && verdict === 'refuse') return 'denied'
  if (verdict === 'refuse') return 'refused'
  if (verdict === 'expire') return 'expired'
  if (phase === 'done') return 'done'
  if (phase === 'failed' || verdict === 'invalid') return 'failed'
  if (verdict === 'confirm') return phase === 'proposed' ? 'asked' : 'confirmed'
  return verdict === 'allow' ? 'judged' : 'failed'
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** A line about a person's word names only the proposal: it gets the action that was proposed. */
function withActions(entries: readonly AuditEntry[]): AuditEntry[] {
  const proposed = new Map(
    entries
      .filter(({ phase }) => phase === 'proposed')
      .map(({ submission, action }) => [submission, action]),
  )
  return entries.map((entry) => {
    const names = field(entry.action, 'proposal') !== undefined
    const action = names ? proposed.get(entry.submission) : undefined
    return action ? { ...entry, action } : entry
  })
}

/**
 * The newest line of each submission: the rest tell how it came to that. One that was done in part, and put to a person
 * in part, has a line for each. The lines come newest first.
 */
export function newestOfEach(entries: readonly AuditEntry[]): AuditEntry[] {
  const seen = new Set<string>()
  return withActions(entries).filter(({ submission, action }) => {
    const part = `${submission} ${JSON.stringify(action)}`
    return !seen.has(part) && seen.add(part)
  })
}

export function nameOfBot({ receipt, action }: AuditEntry, bots: readonly BotView[]): string {
  const id = field(action, 'bot_id')
  const named =
    field(field(field(receipt, 'bot'), 'spec'), 'name') ??
    field(field(receipt, 'spec'), 'name') ??
    field(field(action, 'spec'), 'name') ??
    bots.find((bot) => bot.id === id)?.spec.name ??
    id
  return typeof named === 'string' ? named : ''
}

/** The limits that an action changes, each with its new value. */
function limitsOf({ action }: AuditEntry, t: TFunction, locale: string): string {
  const changes = Object.entries(field(action, 'changes') ?? {}).filter(
    ([, value]) => value !== null,
  )
  return changes
    .map(([name, value]) => {
      const said = Array.isArray(value) ? value.join(' ') || '–' : String(value)
      return `${t([`limit.${name}`, name])} ${localNumbers({ said }, locale).said ?? said}`
    })
    .join(', ')
}

/** What an action is called. */
export function sayKind({ action_kind: kind }: AuditEntry, t: TFunction): string {
  return t([`action.${kind}`, `audit.kind.${kind}`], { defaultValue: kind })
}

/** What a line is about: the bot's name and the pair, or the rule or problem with its numbers in words. */
export function summaryOf(
  entry: AuditEntry,
  bots: readonly BotView[],
  t: TFunction,
  locale: string,
): string {
  const outcome = outcomeOf(entry)
  const name = nameOfBot(entry, bots)
  const byGuard = outcome === 'done' && entry.door === 'guard'
  if (entry.rule !== null && (outcome === 'refused' || outcome === 'failed' || byGuard)) {
    const reason = sayRule(entry.rule, entry.numbers, t, locale)
    return (entry.phase === 'order' || byGuard) && name ? `${name}: ${reason}` : reason
  }
  if (entry.action_kind === 'set_limits') return limitsOf(entry, t, locale)
  if (entry.action_kind === 'set_bot_limits') return `${name}: ${limitsOf(entry, t, locale)}`
  const pair = field(entry.action, 'pair')
  return [name, typeof pair === 'string' ? pair : ''].filter(Boolean).join(' · ')
}

/** Everything that a line says, in the reader's words, and as it is kept: for finding it. */
export function textOf(
  entry: AuditEntry,
  bots: readonly BotView[],
  t: TFunction,
  locale: string,
): string {
  const said = [
    sayKind(entry, t),
    t(`audit.outcome.${outcomeOf(entry)}`),
    summaryOf(entry, bots, t, locale),
    sayDoor(entry, t),
    JSON.stringify(entry),
  ]
  return said.join(' ').toLowerCase()
}

/** Through which door it came, and whether the assistant asked on a person's behalf. */
export function sayDoor({ door, actor }: AuditEntry, t: TFunction): string {
  const through = t([`door.${door}`, door])
  return actor.agent === true ? `${t('door.agent')} · ${through}` : through
}
