import { ShieldCheck, SlidersHorizontal } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { CardFrame } from '@/components/card-frame'
import { Button } from '@/components/ui/button'
import { LimitsBars } from '@/features/limits/limits-bars'
import type { CardOf } from '@/lib/api/types'
import { openOverlay } from '@/lib/overlay'

export function LimitsCard({ card, at }: { card: CardOf<'limits'>; at: string }) {
  const { t } = useTranslation()
  return (
    <CardFrame
      kind="limits"
      title={t('card.limits')}
      Icon={ShieldCheck}
      at={at}
      actions={
        <Button variant="outline" size="sm" onClick={() => openOverlay('limits')}>
          <SlidersHorizontal aria-hidden />
          {t('limits.edit')}
        </Button>
      }
    >
      <LimitsBars view={card.limits} />
    </CardFrame>
  )
}
