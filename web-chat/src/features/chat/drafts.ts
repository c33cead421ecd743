import { useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useSyncExternalStore } from 'react'

const NEW = 'new'
const listeners = new Set<() => void>()
const drafts = new Map<string, string>()
let fills = 0

function changed(): void {
  listeners.forEach((listener) => listener())
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function setDraft(conversationId: string | undefined, text: string): void {
  drafts.set(conversationId ?? NEW, text)
  changed()
}

/** What is being written in a conversation. It stays while the page is open, wherever one goes. */
export function useDraft(conversationId: string | undefined): string {
  return useSyncExternalStore(subscribe, () => drafts.get(conversationId ?? NEW) ?? '')
}

/** Counts how often something else than the keyboard wrote a draft: the composer then takes the focus. */
export function useFills(): number {
  return useSyncExternalStore(subscribe, () => fills)
}

/** Returns a function that writes a text into the composer, for the person to change and send. */
export function useFillComposer(): (text: string) => void {
  const { conversationId } = useParams({ strict: false })
  const navigate = useNavigate()
  return useCallback(
    (text: string) => {
      fills += 1
      setDraft(conversationId, text)
      void navigate({ to: '/chat/{-$conversationId}', params: { conversationId } })
    },
    [conversationId, navigate],
  )
}
