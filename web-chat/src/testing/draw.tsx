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

import { BOTS_KEY } from '@/features/bots/api'
import { OPEN_TRADES_KEY } from '@/features/trades/api'
import type { BotView, TradeView } from '@/lib/api/types'
import { i18n } from '@/lib/i18n'

import { I18nextProvider } from 'react-i18next'

/** Draws something as a page of the product, in English, with the bots and the open trades that are known. */
export async function draw(
  page: ReactNode,
  bots: readonly BotView[] = [],
  trades: readonly TradeView[] = [],
) {
  await i18n.changeLanguage('en')
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
  client.setQueryData(BOTS_KEY, bots)
  client.setQueryData(OPEN_TRADES_KEY, trades)
  const root = createRootRoute({ component: () => page })
  const paths = ['/', '/bots/$botId', '/chat/{-$conversationId}'] as const
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
