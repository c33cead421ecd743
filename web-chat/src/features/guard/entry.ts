import type { TFunction } from 'i18next'

import type { AuditEntry, BotView } from '@/lib/api/types'
import { localNumbers } from '@/lib/i18n'
import { sayValues } from '@/lib/names'

export type Outcome = 'judged' | 'done' | 'refused' | 'failed'

/** What a line of the audit trail says of its action: allowed, done, refused by a rule, or gone wrong. */
export function outcomeOf({ phase, verdict }: AuditEntry): Outcome {
  if (verdict === 'refuse') return 'refused'
  if (phase === 'done') return 'done'
  return verdict === 'allow' && phase !== 'failed' ? 'judged' : 'failed'
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** The newest line of each submission: the rest tell how it came to that. The lines come newest first. */
export function newestOfEach(entries: readonly AuditEntry[]): AuditEntry[] {
  const seen = new Set<string>()
  return entries.filter(({ submission }) => !seen.has(submission) && seen.add(submission))
}

function nameOfBot({ receipt, action }: AuditEntry, bots: readonly BotView[]): string {
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

/** What a line is about: the bot's name, or the rule or problem with its numbers in words. */
export function summaryOf(
  entry: AuditEntry,
  bots: readonly BotView[],
  t: TFunction,
  locale: string,
): string {
  if (entry.rule === null && entry.action_kind === 'set_limits') return limitsOf(entry, t, locale)
  if (entry.rule === null) return nameOfBot(entry, bots)
  const words = entry.verdict === 'refuse' ? 'refusal' : 'problem'
  return t(`${words}.${entry.rule}`, {
    ...sayValues(entry.numbers, t, locale),
    defaultValue: entry.rule,
  })
}

/** Everything that a line says, in the reader's words, and as it is kept: for finding it. */
export function textOf(
  entry: AuditEntry,
  bots: readonly BotView[],
  t: TFunction,
  locale: string,
): string {
  const said = [
    t(`action.${entry.action_kind}`, { defaultValue: '' }),
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
