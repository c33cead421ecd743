import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { useSubmit } from '@/features/actions/outcome'
import { RECONCILIATION_KEY } from '@/features/live/key'
import { answer, api } from '@/lib/api/client'

/** Whether our record, the exchange and the bots agree, as they were last compared. */
export function useReconciliation() {
  return useQuery({
    queryKey: RECONCILIATION_KEY,
    queryFn: () => answer(api.GET('/api/reconciliation')),
    // It is compared again and again without anything being told.
    refetchInterval: 15_000,
  })
}

/** Has it compared now. */
export function useCompare() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.POST('/api/reconciliation')),
    onSuccess: (compared) => client.setQueryData(RECONCILIATION_KEY, compared),
  })
}

/** Has a difference put right as the exchange has it, once a person has said so. */
export function useSettle() {
  return useSubmit((id: string) =>
    answer(
      api.POST('/api/reconciliation/{finding_id}/settle', { params: { path: { finding_id: id } } }),
    ),
  )
}
