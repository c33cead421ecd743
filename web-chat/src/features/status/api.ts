import { useQuery } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'

export function useStatus() {
  return useQuery({
    queryKey: ['status'],
    queryFn: () => answer(api.GET('/api/status')),
    refetchInterval: 30_000,
  })
}

/** The currency of limits and totals. */
export function useStakeCurrency(): string {
  return useStatus().data?.stake_currency ?? 'USDT'
}
