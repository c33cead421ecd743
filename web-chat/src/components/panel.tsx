import type { ReactNode } from 'react'

import { cn } from '@/lib/cn'

/** A titled section with its actions at the right. */
export function Panel({
  title,
  actions,
  children,
  className,
  flush = false,
}: {
  title: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
  flush?: boolean
}) {
  return (
    <section className={cn('min-w-0', className)}>
      <header className="mb-1.5 flex min-h-7 flex-wrap items-center justify-between gap-x-2">
        <h2 className="text-xs font-semibold text-muted-foreground">{title}</h2>
        {actions && <div className="ml-auto flex items-center gap-1">{actions}</div>}
      </header>
      <div className={cn('overflow-hidden rounded-lg border bg-card', !flush && 'p-3')}>
        {children}
      </div>
    </section>
  )
}
