import { useCallback, useEffect, useRef, useState } from 'react'

const NEAR_PX = 48

/**
 * Keeps a scrolled box at its end while its content grows, but only where it already was there.
 *
 * `subject` names what is shown: with another one the view begins at the end again.
 */
export function useStickToEnd(subject: string | undefined) {
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const sticks = useRef(true)
  const [isAway, setAway] = useState(false)

  const toEnd = useCallback(() => {
    sticks.current = true
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [])

  useEffect(() => {
    const scrolled = box.current
    if (!scrolled || !content.current) return
    const onScroll = () => {
      const left = scrolled.scrollHeight - scrolled.scrollTop - scrolled.clientHeight
      sticks.current = left < NEAR_PX
      setAway(!sticks.current)
    }
    const observer = new ResizeObserver(() => {
      if (sticks.current) scrolled.scrollTo({ top: scrolled.scrollHeight })
    })
    observer.observe(content.current)
    observer.observe(scrolled)
    scrolled.addEventListener('scroll', onScroll, { passive: true })
    sticks.current = true
    return () => {
      observer.disconnect()
      scrolled.removeEventListener('scroll', onScroll)
    }
  }, [subject])

  return { box, content, isAway, toEnd }
}
