import { useSyncExternalStore } from 'react'

/** What lies over the page: one thing at a time. */
export type Overlay = 'palette' | 'limits' | 'desk' | 'panic' | 'proposal'

interface Shown {
  overlay: Overlay
  /** The id of what it is about, where it is about one of several. */
  about: string | null
}

let current: Shown | null = null
const listeners = new Set<() => void>()

function set(next: Shown | null): void {
  current = next
  listeners.forEach((listener) => listener())
}

export function openOverlay(overlay: Overlay, about: string | null = null): void {
  set({ overlay, about })
}

export function closeOverlay(): void {
  set(null)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useOverlay(): Shown | null {
  return useSyncExternalStore(subscribe, () => current)
}
