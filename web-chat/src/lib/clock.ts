import { useSyncExternalStore } from 'react'

const SECOND_MS = 1_000
/** An answer tells whole seconds and takes a while to come: less than this is no difference of clocks. */
const SAME_MS = 5_000

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let aheadMs = 0
let now = 0

function read(): number {
  return Math.floor((Date.now() + aheadMs) / SECOND_MS) * SECOND_MS
}

function tick(): void {
  now = read()
  listeners.forEach((listener) => listener())
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, SECOND_MS)
  now = read()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Learns from the Date of an answer how far the server's clock is ahead of this one. */
export function noteServerTime(date: string | null): void {
  const ahead = Date.parse(date ?? '') - Date.now()
  if (Number.isNaN(ahead)) return
  aheadMs = Math.abs(ahead) > SAME_MS ? ahead : 0
}

const standStill = () => () => undefined

/** The server's time in milliseconds, to the second; it goes on while somebody looks, unless it need not. */
export function useNow(goesOn = true): number {
  return useSyncExternalStore(goesOn ? subscribe : standStill, () =>
    goesOn ? (timer === undefined ? read() : now) : 0,
  )
}
