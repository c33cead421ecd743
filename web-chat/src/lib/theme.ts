import { useSyncExternalStore } from 'react'

import { recall, remember } from './storage'

export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]

const system = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()
let theme = readTheme()

function readTheme(): Theme {
  const stored = recall('theme')
  return THEMES.find((known) => known === stored) ?? 'system'
}

function isDark(): boolean {
  return theme === 'dark' || (theme === 'system' && system.matches)
}

function apply(): void {
  document.documentElement.classList.toggle('dark', isDark())
  listeners.forEach((listener) => listener())
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

system.addEventListener('change', apply)

export function setTheme(next: Theme): void {
  theme = next
  remember('theme', next)
  apply()
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => theme)
}

/** Whether the page is dark now, whatever asked for it. */
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, isDark)
}
