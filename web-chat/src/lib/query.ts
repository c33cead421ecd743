import { QueryCache, QueryClient } from '@tanstack/react-query'

import { Failure } from './api/failure'

export const SESSION_KEY = ['session'] as const

/** An answer 401 to anything means that the session has ended: the shell then shows the sign-in page. */
function onError(error: unknown): void {
  if (error instanceof Failure && error.status === 401) queryClient.setQueryData(SESSION_KEY, null)
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => !(error instanceof Failure) && count < 2,
      refetchOnWindowFocus: true,
    },
    mutations: { onError },
  },
})
