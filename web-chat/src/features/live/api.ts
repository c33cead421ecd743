import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'

import { LIVE_KEY } from './key'

/** Whether real money can be traded, as the exchange key was last looked at. */
export function useLive() {
  return useQuery({
    queryKey: LIVE_KEY,
    queryFn: () => answer(api.GET('/api/live')),
    // The key is looked at by others, too: whenever a bot is let enter with it.
    refetchInterval: 15_000,
  })
}

/** Has the key looked at now. */
export function useCheckLive() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.POST('/api/live/check')),
    onSuccess: (live) => client.setQueryData(LIVE_KEY, live),
  })
}
