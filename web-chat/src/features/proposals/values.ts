import { type Speech, type Value, valuesOf } from '@/features/actions/words'
import { useLimits } from '@/features/limits/api'
import { LIST_FIELDS, NUMBER_FIELDS } from '@/features/limits/fields'
import type { BotView, LimitsView, ProposalView } from '@/lib/api/types'

/** A bot that has no limits of its own. */
const NONE_OF_ITS_OWN = Object.fromEntries(
  [...NUMBER_FIELDS, ...LIST_FIELDS].map((field) => [field, null]),
)

/** Every value of a proposal in words, with what it is now. */
export function useValues(
  proposal: ProposalView,
  speech: Speech,
  /** As it is now, to compare with; null where that says nothing any more. */
  bot: BotView | null | undefined,
): Value[] {
  const limits = useLimits().data
  const now = bot === null && proposal.bot_id !== null ? {} : nowOf(proposal, bot, limits)
  return valuesOf(proposal.action, speech, now)
}

/** What the values of a proposal are now, as far as it changes some. */
function nowOf(
  { action_kind, bot_id, status }: ProposalView,
  bot: BotView | null | undefined,
  view: LimitsView | undefined,
): Readonly<Record<string, unknown>> {
  if (status !== 'pending' && status !== 'waiting') return {}
  switch (action_kind) {
    case 'edit_bot':
      return { ...bot?.spec }
    case 'change_mode':
      return bot ? { mode: bot.spec.mode } : {}
    case 'set_limits':
      return { ...view?.limits }
    case 'set_bot_limits':
      return view ? { ...NONE_OF_ITS_OWN, ...view.limits.bots?.[bot_id ?? ''] } : {}
    default:
      return {}
  }
}
