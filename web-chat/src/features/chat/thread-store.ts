import { useCallback, useSyncExternalStore } from 'react'

import { follow } from '@/lib/follow'

import { type ChatEvent, EMPTY_THREAD, type Thread } from './events'
import { reduce } from './reduce'

/**
 * What is known of one conversation. It listens while somebody looks, keeps what it read, and shows new events once a
 * frame: a long conversation that is replayed from its beginning is drawn once.
 */
class ThreadStore {
  private readonly url: string
  private thread: Thread = EMPTY_THREAD
  private shown: Thread = EMPTY_THREAD
  private readonly listeners = new Set<() => void>()
  private stop: (() => void) | null = null
  private scheduled = false

  constructor(conversationId: string) {
    this.url = `/api/conversations/${encodeURIComponent(conversationId)}/events`
  }

  readonly read = (): Thread => this.shown

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    this.stop ??= follow(this.url, { on: { message: (data) => this.take(data as ChatEvent) } })
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size > 0) return
      this.stop?.()
      this.stop = null
    }
  }

  private take(event: ChatEvent): void {
    this.thread = reduce(this.thread, event)
    if (this.scheduled) return
    this.scheduled = true
    // A hidden page gets no frames; a timer keeps it up to date.
    if (document.hidden) setTimeout(this.show, 250)
    else requestAnimationFrame(this.show)
  }

  private readonly show = (): void => {
    this.scheduled = false
    this.shown = this.thread
    this.listeners.forEach((listener) => listener())
  }
}

const stores = new Map<string, ThreadStore>()

function storeOf(conversationId: string): ThreadStore {
  const known = stores.get(conversationId)
  if (known) return known
  const made = new ThreadStore(conversationId)
  stores.set(conversationId, made)
  return made
}

/** A conversation as its events tell it; an empty one where there is no conversation yet. */
export function useThread(conversationId: string | undefined): Thread {
  const subscribe = useCallback(
    (listener: () => void) =>
      conversationId === undefined ? () => undefined : storeOf(conversationId).subscribe(listener),
    [conversationId],
  )
  return useSyncExternalStore(subscribe, () =>
    conversationId === undefined ? EMPTY_THREAD : storeOf(conversationId).read(),
  )
}
