import { useNow } from '@/lib/clock'
import { formatLeft } from '@/lib/duration'

/** What is left until a moment, ticking; a screen reader reads it when asked, not every second. */
export function Countdown({
  until,
  say,
  className,
}: {
  until: string
  /** The sentence around it. */
  say: (left: string) => string
  className?: string
}) {
  const left = Date.parse(until) - useNow()
  return (
    <time dateTime={until} role="timer" className={className} data-testid="countdown">
      <span className="tabular-nums">{say(formatLeft(left))}</span>
    </time>
  )
}
