import {
  BadgeCheck,
  Ban,
  CircleSlash,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  ShieldX,
  Stamp,
  TimerOff,
  TriangleAlert,
} from 'lucide-react'

import type { Tone } from '@/components/card-frame'
import type { BotView, ProposalStatus, ProposalView } from '@/lib/api/types'
import { isReal } from '@/lib/mode'
import { sum } from '@/lib/money'

interface Look {
  Icon: LucideIcon
  tone: Tone
}

export const LOOKS: Readonly<Record<ProposalStatus, Look>> = {
  pending: { Icon: Stamp, tone: 'strong' },
  waiting: { Icon: Hourglass, tone: 'strong' },
  executing: { Icon: LoaderCircle, tone: 'plain' },
  done: { Icon: BadgeCheck, tone: 'good' },
  refused: { Icon: ShieldX, tone: 'bad' },
  failed: { Icon: TriangleAlert, tone: 'bad' },
  denied: { Icon: Ban, tone: 'plain' },
  expired: { Icon: TimerOff, tone: 'plain' },
  interrupted: { Icon: CircleSlash, tone: 'bad' },
}

/** The status that a person sees: a proposal whose time is over cannot be confirmed any more. */
export function statusAt(proposal: ProposalView, now: number): ProposalStatus {
  const { status, expires_at } = proposal
  return status === 'pending' && Date.parse(expires_at) <= now ? 'expired' : status
}

function inner(action: ProposalView['action'], name: 'spec' | 'changes', field: string): unknown {
  const value = action[name]
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[field]
    : undefined
}

/** Simulated or real; undefined where it is about neither, such as a limit of all bots. */
export function modeOf(
  proposal: ProposalView,
  bot: BotView | null | undefined,
): string | undefined {
  const { action, effect, why } = proposal
  const modes = [effect?.mode, action.mode, inner(action, 'spec', 'mode'), bot?.spec.mode].filter(
    (mode) => typeof mode === 'string',
  )
  const opensReal = inner(action, 'changes', 'live_enabled') === true
  if (why === 'live' || opensReal) return modes.find(isReal) ?? 'REAL_MARKET_SPOT'
  return modes.find(isReal) ?? modes[0]
}

/** What the thing that it is about is called, where it has a name. */
export function nameOf({ action, bot_name }: ProposalView): string | null {
  const named = bot_name ?? inner(action, 'spec', 'name') ?? action.name
  return typeof named === 'string' ? named : null
}

/** How much money it is about: what it names itself, or else what it adds to what can be held. */
export function amountOf({ action, effect }: ProposalView): string | null {
  if (typeof action.stake === 'string') return action.stake
  if (!effect) return null
  const { exposure_before: before, exposure_after: after } = effect
  const added = sum([after, before.startsWith('-') ? before.slice(1) : `-${before}`])
  return /[1-9]/.test(added) && !added.startsWith('-') ? added : after
}
