import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { useSubmit } from '@/features/actions/outcome'
import { answer, api } from '@/lib/api/client'
import type { BotLimitsChange, LimitsChange } from '@/lib/api/types'

import { LIMITS_KEY } from './key'

export function useLimits() {
  return useQuery({
    queryKey: LIMITS_KEY,
    queryFn: () => answer(api.GET('/api/limits')),
    // Entries within a minute, and losses of a day, change without anything being told.
    refetchInterval: 15_000,
  })
}

/** Sets the limits of all bots, or those of one. What makes them looser comes back as a proposal. */
export function useSetLimits(botId: string | null) {
  return useSubmit(
    (change: LimitsChange & BotLimitsChange) =>
      botId === null
        ? answer(api.PUT('/api/limits', { body: change }))
        : answer(
            api.PUT('/api/bots/{bot_id}/limits', {
              params: { path: { bot_id: botId } },
              body: change,
            }),
          ),
    { quiet: true },
  )
}

/** What the last days' entry orders would have come to under other limits of all bots; null asks for nothing. */
export function usePreview(change: LimitsChange | null) {
  return useQuery({
    queryKey: ['preview', change],
    queryFn: () => answer(api.POST('/api/limits/preview', { body: { changes: change ?? {} } })),
    enabled: change !== null,
    placeholderData: keepPreviousData,
  })
}
