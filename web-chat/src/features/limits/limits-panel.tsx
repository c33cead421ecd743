import { SlidersHorizontal } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import { Panel } from '@/components/panel'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { sayFailure } from '@/lib/api/failure'
import { openOverlay } from '@/lib/overlay'

import { useLimits } from './api'
import { LimitsBars } from './limits-bars'
import { WaitingLoosenings } from './waiting'

export function LimitsPanel() {
  const { t, i18n } = useTranslation()
  const { data, error } = useLimits()
  return (
    <Panel
      title={t('limits.title')}
      actions={
        <Button
          variant="ghost"
          size="sm"
          className="-mr-2.5"
          onClick={() => openOverlay('limits')}
          data-testid="edit-limits"
        >
          <SlidersHorizontal aria-hidden />
          {t('limits.edit')}
        </Button>
      }
    >
      <div className="space-y-3">
        <WaitingLoosenings />
        {data && <LimitsBars view={data} />}
      </div>
      {!data && error && <ErrorNote>{sayFailure(error, t, i18n.language)}</ErrorNote>}
      {!data && !error && <Skeleton className="h-24" />}
    </Panel>
  )
}
