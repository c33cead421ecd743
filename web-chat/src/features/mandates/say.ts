import type { TFunction } from 'i18next'

import type { BotView, MandateView } from '@/lib/api/types'
import { isReal } from '@/lib/mode'
import { sayValues } from '@/lib/names'

export const UNREADABLE = 'source_unreadable'
const NONE: MandateView = { status: 'none', reason: null, at: null }

/** What a person confirmed of a bot that trades with real money; null for one that does not. */
export function mandateOf({ spec, mandate }: BotView): MandateView | null {
  return isReal(spec.mode) ? (mandate ?? NONE) : null
}

/** Whether the bot manages trades now: only then can it sell, and only then does it miss its mandate. */
export function isAtWork({ state }: BotView): boolean {
  return state === 'RUNNING' || state === 'PAUSED'
}

/** Why a mandate does not hold any more. */
export function sayReason({ reason }: MandateView, t: TFunction, locale: string): string {
  return sayValues({ reason: reason ?? 'void' }, t, locale).reason ?? ''
}
