import type { ReactNode } from 'react'

/** A page of figures: title and actions at the top, its panels below. */
export function Page({
  title,
  actions,
  children,
}: {
  title: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-6xl space-y-4 px-4 py-4 md:px-6">
        <header className="flex min-h-9 flex-wrap items-center justify-between gap-2">
          <h1 className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-lg font-semibold">
            {title}
          </h1>
          <div className="flex flex-wrap gap-1.5">{actions}</div>
        </header>
        {children}
      </div>
    </div>
  )
}
