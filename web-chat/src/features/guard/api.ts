import { useQuery } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'

export function useAudit() {
  return useQuery({
    queryKey: ['audit'],
    queryFn: () => answer(api.GET('/api/audit', { params: { query: { limit: 500 } } })),
    staleTime: 0,
  })
}
