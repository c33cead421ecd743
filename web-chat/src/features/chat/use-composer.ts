import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { sayFailure } from '@/lib/api/failure'
import { readLanguage } from '@/lib/i18n'

import { useBeginConversation, useSay } from './api'
import { setDraft, useDraft } from './drafts'

/** Writes and sends. A text that could not be sent stays where it was, with the reason. */
export function useComposer(conversationId: string | undefined) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const text = useDraft(conversationId)
  const begin = useBeginConversation()
  const say = useSay()
  const [problem, setProblem] = useState<{ where: string | undefined; text: string } | null>(null)
  const language = readLanguage(i18n.language)

  async function openConversation(): Promise<string> {
    if (conversationId !== undefined) return conversationId
    const { id } = await begin.mutateAsync(language)
    return id
  }

  async function send(words: string): Promise<boolean> {
    const message = words.trim()
    if (!message) return false
    setProblem(null)
    let id = conversationId
    try {
      id = await openConversation()
      await say.mutateAsync({ conversationId: id, text: message, language })
      // A suggestion that was clicked leaves alone what is being written.
      if (text.trim() === message) setDraft(conversationId, '')
      return true
    } catch (error) {
      if (id !== conversationId) setDraft(conversationId, '')
      setDraft(id, message)
      setProblem({ where: id, text: sayFailure(error, t, language) })
      return false
    } finally {
      if (id !== conversationId) {
        await navigate({
          to: '/chat/{-$conversationId}',
          params: { conversationId: id },
          replace: true,
        })
      }
    }
  }

  return {
    text,
    setText: (next: string) => setDraft(conversationId, next),
    send,
    isSending: begin.isPending || say.isPending,
    problem: problem?.where === conversationId ? problem?.text : undefined,
  }
}
