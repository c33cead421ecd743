import { ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/components/panel'
import { PanicButton } from '@/features/panic/panic-button'
import { LiftButton, PanicFacts, PanicHeadline } from '@/features/panic/panic-state'

import { useGuard } from './api'

/** Whether the panic stop is on, and what to do about it. */
export function PanicPanel() {
  const { t } = useTranslation()
  const guard = useGuard().data
  if (!guard) return null
  const { panic } = guard
  return (
    <Panel title={t('panic.title')}>
      <div className="space-y-2.5" data-testid="panic-panel" data-on={panic !== null}>
        {panic ? (
          <>
            <PanicHeadline panic={panic} />
            <PanicFacts panic={panic} />
            <LiftButton />
          </>
        ) : (
          <>
            <p className="flex items-center gap-1.5 text-[13px]">
              <ShieldCheck className="size-4 text-gain" aria-hidden />
              {t('panic.off')}
            </p>
            <PanicButton named />
          </>
        )}
      </div>
    </Panel>
  )
}
