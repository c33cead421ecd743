import { act, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { noteServerTime, useNow } from './clock'

const NOON = Date.parse('2026-03-01T12:00:00Z')

beforeEach(() => vi.useFakeTimers({ now: NOON + 250 }))
afterEach(() => {
  noteServerTime(new Date().toUTCString())
  vi.useRealTimers()
})

test('time goes on while somebody looks, by whole seconds', () => {
  const { result } = renderHook(() => useNow())
  expect(result.current).toBe(NOON)
  act(() => {
    vi.advanceTimersByTime(3_000)
  })
  expect(result.current).toBe(NOON + 3_000)
})

test("a clock that is minutes off is set by the server's, one that is nearly right is left alone", () => {
  noteServerTime(new Date(NOON + 120_250).toUTCString())
  expect(renderHook(() => useNow()).result.current).toBe(NOON + 120_000)
  noteServerTime(new Date(NOON - 2_000).toUTCString())
  expect(renderHook(() => useNow()).result.current).toBe(NOON)
  noteServerTime(null)
  expect(renderHook(() => useNow()).result.current).toBe(NOON)
})
