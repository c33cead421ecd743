import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { draw } from '@/testing/draw'

import { HoldButton } from './hold-button'

const onHeld = vi.fn()
let button: HTMLElement

beforeEach(async () => {
  onHeld.mockClear()
  await draw(<HoldButton onHeld={onHeld}>Confirm</HoldButton>)
  button = await screen.findByRole('button')
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

function wait(ms: number): void {
  act(() => {
    vi.advanceTimersByTime(ms)
  })
}

test('it acts once it was held for a second', () => {
  fireEvent.pointerDown(button, { button: 0 })
  wait(900)
  expect(onHeld).not.toHaveBeenCalled()
  wait(200)
  expect(onHeld).toHaveBeenCalledOnce()
})

test('a short press, or one that slips off, does nothing and says how it works', () => {
  fireEvent.pointerDown(button, { button: 0 })
  wait(300)
  fireEvent.pointerUp(button)
  fireEvent.click(button, { detail: 1 })
  wait(5_000)
  expect(onHeld).not.toHaveBeenCalled()
  expect(screen.getByText('Hold it for a second.')).toBeVisible()
})

test('a key is held the same way; its repeats count as one press', () => {
  fireEvent.keyDown(button, { key: 'Enter' })
  wait(600)
  fireEvent.keyDown(button, { key: 'Enter', repeat: true })
  wait(500)
  expect(onHeld).toHaveBeenCalledOnce()
  fireEvent.keyDown(button, { key: ' ' })
  wait(200)
  fireEvent.keyUp(button, { key: ' ' })
  wait(2_000)
  expect(onHeld).toHaveBeenCalledOnce()
})

test('what can only click clicks twice, within a few seconds', () => {
  fireEvent.click(button, { detail: 0 })
  expect(screen.getByText('Press again to confirm.')).toBeVisible()
  wait(6_000)
  fireEvent.click(button, { detail: 0 })
  expect(onHeld).not.toHaveBeenCalled()
  fireEvent.click(button, { detail: 0 })
  expect(onHeld).toHaveBeenCalledOnce()
})
