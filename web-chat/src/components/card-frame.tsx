import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

import { ModeBadge } from '@/components/mode'
import { When } from '@/components/when'
import { cn } from '@/lib/cn'
import { modeOutline } from '@/lib/mode'

const TONES = {
  plain: 'text-muted-foreground',
  good: 'text-gain',
  strong: 'text-foreground',
  bad: 'text-loss',
} as const

export type Tone = keyof typeof TONES

/** The one frame of all cards: kind and time at the top, the thing itself, its actions at the foot. */
export function CardFrame({
  kind,
  status,
  title,
  Icon,
  at,
  mode,
  tone = 'plain',
  spins = false,
  actions,
  flush = false,
  children,
}: {
  kind: string
  /** How far along it is, where it has stages. */
  status?: string
  title: string
  Icon: LucideIcon
  at?: string
  mode?: string
  tone?: Tone
  spins?: boolean
  actions?: ReactNode
  flush?: boolean
  children: ReactNode
}) {
  return (
    <article
      aria-label={title}
      data-testid={`card-${kind}`}
      data-status={status}
      className={cn('overflow-hidden rounded-lg bg-card', modeOutline(mode))}
    >
      <header className="flex min-h-9 items-center gap-2 border-b px-3 text-xs">
        <Icon
          className={cn('size-3.5 shrink-0', TONES[tone], spins && 'animate-spin')}
          aria-hidden
        />
        <span className="my-1 line-clamp-3 font-medium">{title}</span>
        {mode !== undefined && <ModeBadge mode={mode} />}
        {at && <When at={at} className="ml-auto shrink-0 num text-muted-foreground" />}
      </header>
      <div className={cn(!flush && 'space-y-3 p-3')}>{children}</div>
      {actions && <footer className="flex flex-wrap gap-1.5 border-t px-3 py-2">{actions}</footer>}
    </article>
  )
}
