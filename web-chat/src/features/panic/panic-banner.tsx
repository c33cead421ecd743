import { OctagonAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { useGuard } from '@/features/guard/api'

import { LiftButton, PanicFacts, PanicHeadline } from './panic-state'

/** Stands over every page while the panic stop is on. */
export function PanicBanner() {
  const { t } = useTranslation()
  const panic = useGuard().data?.panic
  if (!panic) return null
  return (
    <section
      aria-label={t('panic.title')}
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b-2 border-destructive bg-destructive/12 px-3 py-2 md:px-4"
      data-testid="panic-banner"
    >
      <OctagonAlert className="size-5 shrink-0 text-destructive max-sm:hidden" aria-hidden />
      <div className="min-w-0 flex-1 basis-64">
        <PanicHeadline panic={panic} role="alert" />
        <PanicFacts panic={panic} />
      </div>
      <LiftButton />
    </section>
  )
}
