import { type QueryClient, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'
import type { GuardView, OrderRefusalView } from '@/lib/api/types'

import { GUARD_KEY } from './key'

const KEPT = 50
const PAGE = 200

/** What the guard keeps from happening now. */
export function useGuard() {
  return useQuery({ queryKey: GUARD_KEY, queryFn: () => answer(api.GET('/api/guard')) })
}

/** Puts a refused order before the others. */
export function keepRefusedOrder(client: QueryClient, order: OrderRefusalView): void {
  client.setQueryData<GuardView>(GUARD_KEY, (known) => {
    if (!known || known.refused_orders.some(({ id }) => id === order.id)) return known
    return { ...known, refused_orders: [order, ...known.refused_orders].slice(0, KEPT) }
  })
}

/** Which lines of the audit to read; none named for all. */
export interface AuditFilter {
  bot_id?: string
  kind?: string
}

/** Lines of the audit, the newest first, a page at a time. */
export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/audit', {
          params: { query: { limit: PAGE, before: pageParam, ...filter } },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (lines) => (lines.length < PAGE ? undefined : lines.at(-1)?.id),
    staleTime: 0,
  })
}

/** Reads every line of the audit and tells which are not what was written. */
export function useVerifyAudit() {
  return useMutation({ mutationFn: () => answer(api.GET('/api/audit/verify')) })
}
