import { BookOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { CardFrame } from '@/components/card-frame'
import type { CardOf, StrategyView } from '@/lib/api/types'

export function StrategiesCard({ card, at }: { card: CardOf<'strategies'>; at: string }) {
  const { t } = useTranslation()
  return (
    <CardFrame
      kind="strategies"
      title={t('card.strategies', { count: card.strategies.length })}
      Icon={BookOpen}
      at={at}
      flush
    >
      <ul className="divide-y">
        {card.strategies.map((strategy) => (
          <Strategy key={strategy.name} strategy={strategy} />
        ))}
      </ul>
    </CardFrame>
  )
}

function Strategy({ strategy }: { strategy: StrategyView }) {
  const { t } = useTranslation()
  return (
    <li className="px-3 py-2.5">
      <p className="flex items-baseline justify-between gap-3">
        <span className="font-medium">{strategy.name}</span>
        <span className="text-xs num text-muted-foreground">{strategy.timeframe}</span>
      </p>
      <p className="mt-0.5 text-[13px] text-muted-foreground">
        {t(`strategy.${strategy.name}`, { defaultValue: strategy.summary })}
      </p>
      {strategy.parameters.length > 0 && (
        <details className="mt-1">
          <summary className="text-xs text-muted-foreground">
            {t('strategies.parameters', { count: strategy.parameters.length })}
          </summary>
          <dl className="mt-1 space-y-0.5 text-xs">
            {strategy.parameters.map((parameter) => (
              <div key={parameter.name} className="flex flex-wrap justify-between gap-x-3">
                <dt className="font-mono text-[11px]" title={parameter.note}>
                  {parameter.name}
                </dt>
                <dd className="num text-muted-foreground">
                  {String(parameter.default)}
                  {parameter.low !== null &&
                    parameter.high !== null &&
                    ` (${parameter.low} – ${parameter.high})`}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  )
}
