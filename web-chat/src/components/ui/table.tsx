import { type ComponentProps, useRef } from 'react'

import { cn } from '@/lib/cn'
import { useOverflow } from '@/lib/use-overflow'

/** Dense: 12 px, tabular figures. It scrolls inside its own box where the screen is narrow. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  const box = useRef<HTMLDivElement>(null)
  const overflows = useOverflow(box)
  return (
    <div
      ref={box}
      tabIndex={overflows ? 0 : undefined}
      className="relative w-full overflow-x-auto outline-none focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset"
    >
      <table className={cn('w-full caption-bottom text-xs', className)} {...props} />
    </div>
  )
}

export function Thead({ className, ...props }: ComponentProps<'thead'>) {
  return <thead className={cn('text-muted-foreground [&_tr]:border-b', className)} {...props} />
}

export function Tbody({ className, ...props }: ComponentProps<'tbody'>) {
  return <tbody className={cn('[&_tr:not(:last-child)]:border-b', className)} {...props} />
}

export function Th({
  className,
  numeric = false,
  ...props
}: ComponentProps<'th'> & { numeric?: boolean }) {
  return (
    <th
      scope="col"
      className={cn(
        'h-8 px-2 text-[11px] font-medium whitespace-nowrap first:pl-3 last:pr-3',
        numeric ? 'text-right' : 'text-left',
        className,
      )}
      {...props}
    />
  )
}

export function Td({
  className,
  numeric = false,
  ...props
}: ComponentProps<'td'> & { numeric?: boolean }) {
  return (
    <td
      className={cn(
        'px-2 py-1.5 align-middle first:pl-3 last:pr-3',
        numeric && 'text-right num',
        className,
      )}
      {...props}
    />
  )
}
