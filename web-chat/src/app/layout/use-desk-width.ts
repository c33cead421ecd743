import { type KeyboardEvent, type PointerEvent, useState } from 'react'

import { recall, remember } from '@/lib/storage'

export const NARROWEST = 360
export const WIDEST = 480
const STEP = 16

function within(width: number): number {
  return Math.min(WIDEST, Math.max(NARROWEST, Math.round(width)))
}

/** The width of the desk, changed by dragging its edge or with the arrow keys, and remembered. */
export function useDeskWidth() {
  const [width, setWidth] = useState(() => within(Number(recall('desk.width')) || 408))

  function change(next: number): void {
    setWidth(within(next))
    remember('desk.width', String(within(next)))
  }

  return {
    width,
    handle: {
      onPointerDown: (event: PointerEvent) =>
        event.currentTarget.setPointerCapture(event.pointerId),
      onPointerMove: (event: PointerEvent) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId))
          change(window.innerWidth - event.clientX)
      },
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key === 'ArrowLeft') change(width + STEP)
        if (event.key === 'ArrowRight') change(width - STEP)
      },
    },
  }
}
