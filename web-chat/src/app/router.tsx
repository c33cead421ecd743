import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
} from '@tanstack/react-router'

import { useTranslation } from 'react-i18next'

import { useConversations } from '@/features/chat/api'
import { ChatPage } from '@/features/chat/chat-page'
import { Desk } from '@/features/desk/desk'

import { Broken, NotFound } from './fallback'
import { Root } from './root'

const root = createRootRoute({ component: Root, notFoundComponent: NotFound })

/** The address without a room leads to the newest conversation, or to the beginning of the first. */
function Home() {
  const { data, isPending } = useConversations()
  if (isPending) return null
  return (
    <Navigate to="/chat/{-$conversationId}" params={{ conversationId: data?.[0]?.id }} replace />
  )
}

function DeskPage() {
  const { t } = useTranslation()
  return (
    <div className="h-full overflow-x-hidden overflow-y-auto">
      <div className="mx-auto max-w-xl">
        <h1 className="sr-only">{t('nav.desk')}</h1>
        <Desk />
      </div>
    </div>
  )
}

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home })
const chat = createRoute({
  getParentRoute: () => root,
  path: '/chat/{-$conversationId}',
  component: ChatPage,
})
const desk = createRoute({ getParentRoute: () => root, path: '/desk', component: DeskPage })
const bots = createRoute({
  getParentRoute: () => root,
  path: '/bots',
  component: lazyRouteComponent(() => import('@/features/bots/bots-page'), 'BotsPage'),
})
const bot = createRoute({
  getParentRoute: () => root,
  path: '/bots/$botId',
  component: lazyRouteComponent(() => import('@/features/bots/bot-page'), 'BotPage'),
})
const guard = createRoute({
  getParentRoute: () => root,
  path: '/guard',
  component: lazyRouteComponent(() => import('@/features/guard/guard-page'), 'GuardPage'),
})
const live = createRoute({
  getParentRoute: () => root,
  path: '/live',
  component: lazyRouteComponent(() => import('@/features/live/live-page'), 'LivePage'),
})

export const router = createRouter({
  routeTree: root.addChildren([home, chat, desk, bots, bot, guard, live]),
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
