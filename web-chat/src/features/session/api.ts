import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'
import { Failure } from '@/lib/api/failure'
import type { Session } from '@/lib/api/types'
import { SESSION_KEY } from '@/lib/query'

async function readSession(): Promise<Session | null> {
  try {
    return await answer(api.GET('/api/session'))
  } catch (error) {
    if (error instanceof Failure && error.status === 401) return null
    throw error
  }
}

/** The session of this browser; null where nobody is signed in. */
export function useSession() {
  return useQuery({ queryKey: SESSION_KEY, queryFn: readSession, staleTime: 60_000 })
}

export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (password: string) =>
      answer(api.POST('/api/session', { body: { password, client: 'web' } })),
    onSuccess: (session) => client.setQueryData(SESSION_KEY, session),
    onError: () => undefined,
  })
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/session')),
    // Nothing that was read stays in the page's memory.
    onSuccess: () => window.location.reload(),
  })
}

/** Whether this session's word counts where a person must say yes. */
export function useMayConfirm(): boolean {
  return useSession().data?.scopes.includes('confirm') ?? false
}
