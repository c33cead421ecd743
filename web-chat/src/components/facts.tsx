import type { ReactNode } from 'react'

import { cn } from '@/lib/cn'

/** Pairs of a label and its value, in as many columns as fit. */
export function Facts({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <dl className={cn('grid grid-cols-2 gap-x-4 gap-y-2.5 sm:grid-cols-3', className)}>
      {children}
    </dl>
  )
}

export function Fact({
  label,
  children,
  className,
}: {
  label: string
  children: ReactNode
  className?: string
}) {
  return (
    <div className={cn('min-w-0', className)}>
      <dt className="text-[11px] text-muted-foreground">{label}</dt>
      <dd className="mt-0.5 text-[13px] num whitespace-normal">{children}</dd>
    </div>
  )
}
