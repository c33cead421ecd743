import { useQuery } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'

export function usePortfolio() {
  return useQuery({
    queryKey: ['portfolio'],
    queryFn: () => answer(api.GET('/api/portfolio')),
  })
}
