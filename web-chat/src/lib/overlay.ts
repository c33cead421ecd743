import { useSyncExternalStore } from 'react'

/** What lies over the page: one thing at a time. */
export type Overlay = 'palette' | 'limits' | 'desk'

let current: Overlay | null = null
const listeners = new Set<() => void>()

function set(next: Overlay | null): void {
  current = next
  listeners.forEach((listener) => listener())
}

export function openOverlay(overlay: Overlay): void {
  set(overlay)
}

export function closeOverlay(): void {
  set(null)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(subscribe, () => current)
}
