import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from '@/lib/cn'

/** What went wrong, where it went wrong, with what to do beside it. */
export function ErrorNote({
  children,
  action,
  className,
}: {
  children: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div
      role="alert"
      className={cn(
        'flex flex-wrap items-start gap-2 rounded-md border border-destructive/40 bg-destructive/8 px-3 py-2 text-sm',
        className,
      )}
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-destructive" aria-hidden />
      <div className="min-w-0 flex-1 basis-56 text-pretty break-words">{children}</div>
      {action && <div className="ml-auto">{action}</div>}
    </div>
  )
}

/** Says that there is nothing, and what would make something. */
export function EmptyNote({ children }: { children: ReactNode }) {
  return <p className="px-3 py-4 text-center text-xs text-muted-foreground">{children}</p>
}
