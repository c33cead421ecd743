import type { ComponentProps } from 'react'

import { cn } from '@/lib/cn'

export function Badge({ className, ...props }: ComponentProps<'span'>) {
  return (
    <span
      className={cn(
        'inline-flex h-5 w-fit shrink-0 items-center gap-1 rounded-sm border px-1.5 text-[11px] font-medium whitespace-nowrap [&>svg]:size-3',
        className,
      )}
      {...props}
    />
  )
}
