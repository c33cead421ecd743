import { cn } from '@/lib/cn'

/** The ship's wheel that stands for the product. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      fill="none"
      aria-hidden
      className={cn('rounded-lg bg-primary text-primary-foreground', className)}
    >
      <g stroke="currentColor" strokeWidth="2" strokeLinecap="round">
        <circle cx="16" cy="16" r="6.5" />
        <path d="M16 5.5v4M16 22.5v4M5.5 16h4M22.5 16h4M8.6 8.6l2.8 2.8M20.6 20.6l2.8 2.8M8.6 23.4l2.8-2.8M20.6 11.4l2.8-2.8" />
      </g>
      <circle cx="16" cy="16" r="1.8" fill="currentColor" />
    </svg>
  )
}
