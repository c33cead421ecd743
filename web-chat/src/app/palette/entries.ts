import { useNavigate } from '@tanstack/react-router'
import {
  Languages,
  LogOut,
  type LucideIcon,
  MessageSquare,
  MessageSquarePlus,
  OctagonX,
  PanelRight,
  Quote,
  SlidersHorizontal,
  SunMoon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { useConversations } from '@/features/chat/api'
import { useFillComposer } from '@/features/chat/drafts'
import { useSignOut } from '@/features/session/api'
import { setLanguage } from '@/lib/i18n'
import { openOverlay } from '@/lib/overlay'
import { setTheme, THEMES } from '@/lib/theme'

import { ROOMS } from '../layout/rooms'
import { useBotEntries } from './bot-entries'

export interface Entry {
  id: string
  text: string
  Icon: LucideIcon
  run: () => void
}

export interface Group {
  key: 'go' | 'say' | 'bots' | 'conversations' | 'settings'
  entries: Entry[]
}

const SAYINGS = ['create', 'analyse', 'show', 'limit'] as const

/** Everything that the palette reaches. */
export function useEntries(): Group[] {
  return [
    { key: 'go', entries: useRooms() },
    { key: 'bots', entries: useBotEntries() },
    { key: 'say', entries: useSayings() },
    { key: 'conversations', entries: useConversationEntries() },
    { key: 'settings', entries: useSettings() },
  ]
}

function useRooms(): Entry[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const rooms = ROOMS.filter((room) => !room.phoneOnly).map(({ to, key, Icon }) => ({
    id: `room-${key}`,
    text: t(key),
    Icon,
    run: () => void navigate({ to }),
  }))
  const begin: Entry = {
    id: 'new-conversation',
    text: t('chat.new'),
    Icon: MessageSquarePlus,
    run: () => void navigate({ to: '/chat/{-$conversationId}', params: {} }),
  }
  const desk: Entry = {
    id: 'desk-over',
    text: t('desk.open'),
    Icon: PanelRight,
    run: () => openOverlay('desk'),
  }
  const limits: Entry = {
    id: 'edit-limits',
    text: t('limits.edit'),
    Icon: SlidersHorizontal,
    run: () => openOverlay('limits'),
  }
  const panic: Entry = {
    id: 'panic',
    text: t('panic.title'),
    Icon: OctagonX,
    run: () => openOverlay('panic'),
  }
  return [...rooms, begin, desk, limits, panic]
}

function useSayings(): Entry[] {
  const { t } = useTranslation()
  const fill = useFillComposer()
  return SAYINGS.map((key) => ({
    id: `say-${key}`,
    text: t(`first.${key}`),
    Icon: Quote,
    run: () => fill(t(`first.${key}`)),
  }))
}

function useConversationEntries(): Entry[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (useConversations().data ?? []).map(({ id, title }) => ({
    id: `conversation-${id}`,
    text: title || t('chat.untitled'),
    Icon: MessageSquare,
    run: () => void navigate({ to: '/chat/{-$conversationId}', params: { conversationId: id } }),
  }))
}

function useSettings(): Entry[] {
  const { t, i18n } = useTranslation()
  const signOut = useSignOut()
  const themes = THEMES.map((theme) => ({
    id: `theme-${theme}`,
    text: `${t('theme.title')}: ${t(`theme.${theme}`)}`,
    Icon: SunMoon,
    run: () => setTheme(theme),
  }))
  return [
    {
      id: 'language',
      text: t('language.switch'),
      Icon: Languages,
      run: () => setLanguage(i18n.language === 'en' ? 'pt-BR' : 'en'),
    },
    ...themes,
    { id: 'sign-out', text: t('session.signOut'), Icon: LogOut, run: () => signOut.mutate() },
  ]
}
