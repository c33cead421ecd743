import type { ReactNode } from 'react'

import { Label } from '@/components/ui/label'

/** A labelled field of a form, with its unit at the right, a hint below, and what is wrong with it. */
export function Field({
  id,
  label,
  unit,
  hint,
  error,
  children,
}: {
  id: string
  label: string
  unit?: string
  hint?: ReactNode
  error?: string
  children: ReactNode
}) {
  return (
    <div className="min-w-0 space-y-1">
      <Label htmlFor={id} className="first-letter:uppercase">
        {label}
      </Label>
      <div className="relative">
        {children}
        {unit && (
          <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-xs text-muted-foreground">
            {unit}
          </span>
        )}
      </div>
      {hint && !error && <p className="text-[11px] text-muted-foreground">{hint}</p>}
      {error && (
        <p id={`${id}-error`} className="text-xs text-destructive" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
