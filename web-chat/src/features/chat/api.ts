import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'
import type { Conversation } from '@/lib/api/types'
import type { Language } from '@/lib/i18n'

const CONVERSATIONS_KEY = ['conversations'] as const

export function useConversations() {
  return useQuery({
    queryKey: CONVERSATIONS_KEY,
    queryFn: () => answer(api.GET('/api/conversations')),
  })
}

export function useBeginConversation() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (language: Language) =>
      answer(api.POST('/api/conversations', { body: { language } })),
    onSuccess: (conversation) =>
      client.setQueryData<Conversation[]>(CONVERSATIONS_KEY, (known) =>
        known ? [conversation, ...known] : known,
      ),
  })
}

interface Saying {
  conversationId: string
  text: string
  language: Language
}

export function useSay() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ conversationId, ...message }: Saying) =>
      answer(
        api.POST('/api/conversations/{conversation_id}/messages', {
          params: { path: { conversation_id: conversationId } },
          body: message,
        }),
      ),
    // The first message gives a conversation its title.
    onSuccess: () => client.invalidateQueries({ queryKey: CONVERSATIONS_KEY }),
  })
}

export function useCancelRun(conversationId: string | undefined) {
  return useMutation({
    mutationFn: (runId: string) =>
      answer(
        api.POST('/api/conversations/{conversation_id}/runs/{run_id}/cancel', {
          params: { path: { conversation_id: conversationId ?? '', run_id: runId } },
        }),
      ),
  })
}
