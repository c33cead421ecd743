import { ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { CardFrame } from '@/components/card-frame'
import { useGuard } from '@/features/guard/api'
import { RefusedOrders } from '@/features/guard/refused-orders'
import { LiftButton, PanicFacts, PanicHeadline } from '@/features/panic/panic-state'
import type { CardOf } from '@/lib/api/types'

const SHOWN = 5

/** What the guard keeps from happening, as it was told; whether the panic stop can be lifted is as it is now. */
export function GuardCard({ card, at }: { card: CardOf<'guard'>; at: string }) {
  const { t } = useTranslation()
  const { panic, refused_orders: refused } = card.guard
  const isOn = Boolean(useGuard().data?.panic)
  return (
    <CardFrame
      kind="guard"
      title={t('guard.title')}
      Icon={ShieldCheck}
      at={at}
      flush
      actions={panic && isOn && <LiftButton />}
    >
      <div className="space-y-1 p-3">
        {panic ? (
          <>
            <PanicHeadline panic={panic} />
            <PanicFacts panic={panic} />
          </>
        ) : (
          <p>{t('panic.off')}</p>
        )}
      </div>
      <div className="border-t">
        <RefusedOrders orders={refused.slice(0, SHOWN)} />
      </div>
    </CardFrame>
  )
}
