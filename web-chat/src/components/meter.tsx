import { cn } from '@/lib/cn'
import { compare, share } from '@/lib/money'

/** How much of a limit is used, in one line with a bar below: a number stands beside every bar. */
export function Meter({
  label,
  used,
  limit,
  said,
  summary,
}: {
  label: string
  used: string
  limit: string
  /** The same two in words. */
  said: { used: string; limit: string }
  summary: string
}) {
  const full = compare(used, limit) >= 0
  return (
    <div>
      <div className="flex items-baseline justify-between gap-3 text-xs" aria-hidden>
        <span className="truncate text-muted-foreground">{label}</span>
        <span className="num">
          <span className={cn(full && 'font-semibold text-loss')}>{said.used}</span>
          <span className="text-muted-foreground"> / {said.limit}</span>
        </span>
      </div>
      <div
        role="img"
        aria-label={`${label}: ${summary}`}
        className="mt-0.5 h-1 overflow-hidden rounded-full bg-secondary"
      >
        <div
          className={cn(
            'h-full rounded-full transition-[width] duration-150',
            full ? 'bg-loss' : 'bg-muted-foreground',
          )}
          style={{ width: `${share(used, limit) * 100}%` }}
        />
      </div>
    </div>
  )
}
