import type { BotView, ProposalView } from '@/lib/api/types'
import { times } from '@/lib/money'

/** What a yes binds of a bot that trades with real money. */
export interface Binding {
  venue: string
  strategy: string
  /** SHA-256 of the strategy's source; null where it cannot be read. */
  source: string | null
  pairs: string
  stake: string
  trades: string
  /** The most that the bot can hold at once. */
  exposure: string
  currency: string
}

/** Values of an action that the binding tells, too. */
export const BOUND: ReadonlySet<string> = new Set([
  'mode',
  'strategy',
  'pairs',
  'stake',
  'max_open_trades',
])

/** Null for a proposal that no real money comes of. */
export function bindingOf({ numbers }: ProposalView): Binding | null {
  const { venue, strategy, source, pairs, stake, trades, currency } = numbers
  if (!venue || !strategy || !source || !pairs || !stake || !trades || !currency) return null
  return {
    ...{ venue, strategy, pairs, stake, trades, currency },
    source: source === '-' ? null : source,
    exposure: times(stake, Number(trades)),
  }
}

const COSMETIC = new Set(['name', 'description'])

/** What the yes comes to: leave to enter from now on, one entry, or nothing before the bot is started. */
export function leaveOf(
  { action }: ProposalView,
  bot: BotView | null | undefined,
): 'given' | 'once' | 'later' {
  switch (action.kind) {
    case 'start_bot':
      return action.paused === true ? 'later' : 'given'
    case 'resume_bot':
      return 'given'
    case 'force_entry':
      return 'once'
    case 'edit_bot':
      return bot?.state === 'RUNNING' && !isCosmetic(action.changes) ? 'given' : 'later'
    default:
      return 'later'
  }
}

function isCosmetic(changes: unknown): boolean {
  return Object.entries(changes ?? {}).every(
    ([name, value]) => value === null || COSMETIC.has(name),
  )
}
