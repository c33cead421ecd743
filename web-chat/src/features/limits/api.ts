import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'
import type { LimitsChange } from '@/lib/api/types'

export const LIMITS_KEY = ['limits'] as const

export function useLimits() {
  return useQuery({
    queryKey: LIMITS_KEY,
    queryFn: () => answer(api.GET('/api/limits')),
  })
}

export function useSetLimits() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: LimitsChange) => answer(api.PUT('/api/limits', { body: change })),
    onSuccess: (receipt) => {
      if (receipt.limits) client.setQueryData(LIMITS_KEY, receipt.limits)
      else void client.invalidateQueries({ queryKey: LIMITS_KEY })
      void client.invalidateQueries({ queryKey: ['audit'] })
    },
  })
}
