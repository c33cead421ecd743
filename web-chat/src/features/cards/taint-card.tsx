import { EyeOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { CardOf } from '@/lib/api/types'

/** Says quietly that this turn has read text from outside, so that it can only propose; later turns say it in short. */
export function TaintCard({ card }: { card: CardOf<'taint'> }) {
  const { t } = useTranslation()
  return (
    <p
      className="flex w-fit items-start gap-1.5 rounded-md border border-dashed border-foreground/35 bg-secondary/60 px-2 py-1 text-xs text-pretty"
      data-testid="card-taint"
      data-source={card.source}
    >
      <EyeOff className="mt-px size-3.5 shrink-0" aria-hidden />
      {card.source === 'earlier' ? (
        <span>{t('card.taintedBefore')}</span>
      ) : (
        <span>
          <strong className="font-semibold">{t(`taint.${card.source}`)}</strong> {t('taint.effect')}
        </span>
      )}
    </p>
  )
}
