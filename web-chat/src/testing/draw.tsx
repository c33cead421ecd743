import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'

import { I18nextProvider } from 'react-i18next'

import { BOTS_KEY } from '@/features/bots/api'
import { GUARD_KEY } from '@/features/guard/key'
import { LIMITS_KEY } from '@/features/limits/key'
import { PROPOSALS_KEY } from '@/features/proposals/api'
import { OPEN_TRADES_KEY } from '@/features/trades/api'
import type { BotView, GuardView, LimitsView, ProposalView, TradeView } from '@/lib/api/types'
import { i18n } from '@/lib/i18n'
import { SESSION_KEY } from '@/lib/query'

import { sampleGuard, sampleLimits } from './samples'

/** What is known besides bots and trades; a session may do everything unless it is told otherwise. */
interface Known {
  proposals?: readonly ProposalView[]
  guard?: GuardView
  limits?: LimitsView
  scopes?: readonly string[]
}

/** Draws something as a page of the product, in English, with the bots and the open trades that are known. */
export async function draw(
  page: ReactNode,
  bots: readonly BotView[] = [],
  trades: readonly TradeView[] = [],
  known: Known = {},
) {
  await i18n.changeLanguage('en')
  const client = new QueryClient({
    defaultOptions: { queries: { staleTime: Infinity, retry: false } },
  })
  client.setQueryData(BOTS_KEY, bots)
  client.setQueryData(OPEN_TRADES_KEY, trades)
  client.setQueryData(PROPOSALS_KEY, known.proposals ?? [])
  client.setQueryData(GUARD_KEY, known.guard ?? sampleGuard())
  client.setQueryData(LIMITS_KEY, known.limits ?? sampleLimits())
  client.setQueryData(SESSION_KEY, { scopes: known.scopes ?? ['read', 'operate', 'confirm'] })
  const root = createRootRoute({ component: () => page })
  const paths = ['/', '/bots/$botId', '/chat/{-$conversationId}', '/live'] as const
  const routeTree = root.addChildren(
    paths.map((path) => createRoute({ getParentRoute: () => root, path })),
  )
  const router = createRouter({ routeTree, history: createMemoryHistory() })
  await router.load()
  const drawn = render(
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </I18nextProvider>,
  )
  return { ...drawn, client, router }
}
