import { useSubmit } from '@/features/actions/outcome'
import { answer, api } from '@/lib/api/client'
import type { BotView } from '@/lib/api/types'

const at = (bot: BotView) => ({ params: { path: { bot_id: bot.id } } })
const named = (bot: BotView) => ({ name: bot.spec.name })

export interface Entry {
  pair: string
  stake: string | null
  price: string | null
}

export interface Exit {
  trade_id: number | null
  amount: string | null
}

/** Has a bot buy now; the form says itself what went wrong. */
export function useForceEntry(bot: BotView) {
  return useSubmit(
    (entry: Entry) => answer(api.POST('/api/bots/{bot_id}/entry', { ...at(bot), body: entry })),
    { ...named(bot), quiet: true },
  )
}

/** Has a bot sell now what a trade, or all its trades, hold. */
export function useForceExit(bot: BotView) {
  return useSubmit(
    (exit: Exit) => answer(api.POST('/api/bots/{bot_id}/exit', { ...at(bot), body: exit })),
    named(bot),
  )
}

export function useCancelOrder(bot: BotView) {
  return useSubmit(
    (trade_id: number) =>
      answer(api.POST('/api/bots/{bot_id}/cancel-order', { ...at(bot), body: { trade_id } })),
    named(bot),
  )
}

export function useLockPair(bot: BotView) {
  return useSubmit(
    (lock: { pair: string; minutes: number }) =>
      answer(api.POST('/api/bots/{bot_id}/lock', { ...at(bot), body: lock })),
    { ...named(bot), quiet: true },
  )
}

export function useUnlockPair(bot: BotView) {
  return useSubmit(
    (pair: string) => answer(api.POST('/api/bots/{bot_id}/unlock', { ...at(bot), body: { pair } })),
    { ...named(bot), quiet: true },
  )
}
