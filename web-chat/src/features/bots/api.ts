import { type QueryClient, useQuery } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'
import type { BotView, Outcome } from '@/lib/api/types'

export const BOTS_KEY = ['bots'] as const
export type BotCommand = 'start' | 'resume' | 'pause' | 'stop' | 'delete'

const at = (id: string) => ({ params: { path: { bot_id: id } } })

export function useBots() {
  return useQuery({ queryKey: BOTS_KEY, queryFn: () => answer(api.GET('/api/bots')) })
}

/** One bot as it is now: undefined while unknown, null where there is none of that id. */
export function useBot(id: string): BotView | null | undefined {
  const { data } = useBots()
  return data === undefined ? undefined : (data.find((bot) => bot.id === id) ?? null)
}

/** Writes a bot into what is known, in its place or at the end. */
export function keepBot(client: QueryClient, bot: BotView): void {
  client.setQueryData<BotView[]>(BOTS_KEY, (bots) => {
    if (!bots) return bots
    const known = bots.some(({ id }) => id === bot.id)
    return known ? bots.map((old) => (old.id === bot.id ? bot : old)) : [...bots, bot]
  })
}

export function dropBot(client: QueryClient, id: string): void {
  client.setQueryData<BotView[]>(BOTS_KEY, (bots) => bots?.filter((bot) => bot.id !== id))
}

const SENDERS: Record<BotCommand, (id: string) => Promise<Outcome>> = {
  start: (id) => answer(api.POST('/api/bots/{bot_id}/start', at(id))),
  resume: (id) => answer(api.POST('/api/bots/{bot_id}/resume', at(id))),
  pause: (id) => answer(api.POST('/api/bots/{bot_id}/pause', at(id))),
  stop: (id) => answer(api.POST('/api/bots/{bot_id}/stop', at(id))),
  delete: (id) => answer(api.DELETE('/api/bots/{bot_id}', at(id))),
}

export function sendCommand(id: string, command: BotCommand): Promise<Outcome> {
  return SENDERS[command](id)
}

export function sendMode(id: string, mode: BotView['spec']['mode']): Promise<Outcome> {
  return answer(api.POST('/api/bots/{bot_id}/mode', { ...at(id), body: { mode } }))
}

export function useBotTrades(id: string) {
  return useQuery({
    queryKey: ['trades', 'bot', id],
    queryFn: () =>
      answer(
        api.GET('/api/bots/{bot_id}/trades', {
          params: { path: { bot_id: id }, query: { limit: 200 } },
        }),
      ),
  })
}

export function useBotLogs(id: string) {
  return useQuery({
    queryKey: ['logs', id],
    queryFn: () => answer(api.GET('/api/bots/{bot_id}/logs', at(id))),
    refetchInterval: 10_000,
  })
}
