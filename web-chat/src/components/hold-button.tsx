import {
  type ComponentProps,
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'

import { cn } from '@/lib/cn'

import { Button } from './ui/button'

const HOLD_MS = 1_000
const ARMED_MS = 5_000

const isPress = (event: KeyboardEvent) => event.key === 'Enter' || event.key === ' '

/**
 * A button that has to be held for a second, with a pointer or a key, so that nothing is set off by a slip. What can
 * only click, such as a screen reader, clicks twice instead. A short press says how it works.
 */
export function HoldButton({
  onHeld,
  className,
  children,
  ...props
}: Omit<ComponentProps<typeof Button>, 'onClick' | 'asChild'> & { onHeld: () => void }) {
  const { t } = useTranslation()
  const [isHeld, setHeld] = useState(false)
  const [hint, setHint] = useState<'hold' | 'again' | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => () => clearTimeout(timer.current), [])

  function begin() {
    clearTimeout(timer.current)
    setHeld(true)
    timer.current = setTimeout(() => {
      setHeld(false)
      setHint(null)
      onHeld()
    }, HOLD_MS)
  }

  function letGo() {
    if (!isHeld) return
    clearTimeout(timer.current)
    setHeld(false)
    setHint('hold')
  }

  function click(event: MouseEvent) {
    // A pointer's click has a count; keys are taken care of where they are pressed.
    if (event.detail > 0) return
    clearTimeout(timer.current)
    if (hint === 'again') {
      setHint(null)
      onHeld()
      return
    }
    setHint('again')
    timer.current = setTimeout(() => setHint(null), ARMED_MS)
  }

  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Button
        className={cn('relative touch-none overflow-hidden select-none', className)}
        onPointerDown={(event) => event.button === 0 && begin()}
        onPointerUp={letGo}
        onPointerLeave={letGo}
        onPointerCancel={letGo}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (!isPress(event)) return
          event.preventDefault()
          if (!event.repeat) begin()
        }}
        onKeyUp={(event) => {
          if (!isPress(event)) return
          event.preventDefault()
          letGo()
        }}
        onBlur={letGo}
        onClick={click}
        {...props}
      >
        <span
          aria-hidden
          className="absolute inset-y-0 left-0 bg-current opacity-25"
          style={{
            width: isHeld ? '100%' : '0%',
            transition: isHeld ? `width ${HOLD_MS}ms linear` : 'none',
          }}
        />
        {children}
      </Button>
      <span
        role="status"
        className={cn('text-xs text-muted-foreground', hint === null && 'sr-only')}
      >
        {hint === 'hold' && t('common.holdHint')}
        {hint === 'again' && t('common.againHint')}
      </span>
    </span>
  )
}
