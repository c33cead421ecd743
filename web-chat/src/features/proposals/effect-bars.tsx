import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { EffectView } from '@/lib/api/types'
import { cn } from '@/lib/cn'
import { isReal } from '@/lib/mode'
import { compare, formatExact, share, signOf } from '@/lib/money'

/** What could be held, and what could be lost, before and after: two bars each, on one scale. */
export function EffectBars({ effect, currency }: { effect: EffectView; currency: string }) {
  const { t } = useTranslation()
  const values = [
    effect.exposure_before,
    effect.exposure_after,
    effect.stop_loss_before,
    effect.stop_loss_after,
  ]
  const scale = values.reduce((most, value) => (compare(value, most) > 0 ? value : most), '0')
  const mode = t(`mode.${effect.mode}`, { defaultValue: effect.mode })
  return (
    <div className="space-y-2.5" data-testid="effect">
      <Pair
        label={t('proposals.exposure', { mode })}
        before={effect.exposure_before}
        after={effect.exposure_after}
        {...{ scale, currency, mode: effect.mode }}
      />
      <Pair
        label={t('proposals.worstLoss')}
        hint={t('proposals.worstLossHint')}
        before={effect.stop_loss_before}
        after={effect.stop_loss_after}
        {...{ scale, currency, mode: effect.mode }}
      />
    </div>
  )
}

function Pair({
  label,
  hint,
  before,
  after,
  scale,
  currency,
  mode,
}: {
  label: string
  hint?: string
  before: string
  after: string
  scale: string
  currency: string
  mode: string
}) {
  const { t, i18n } = useTranslation()
  const say = (value: string) => formatExact(value, i18n.language)
  const told = t('proposals.beforeAfter', { before: say(before), after: say(after), currency })
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-xs">
        <span className="text-muted-foreground">{label}</span>
        <span className="ml-auto num" aria-hidden>
          <span className="text-muted-foreground">{say(before)}</span>
          <ArrowRight className="mx-1 inline size-3 text-muted-foreground" />
          <span className="font-semibold">{say(after)}</span>{' '}
          <span className="text-[0.85em] text-muted-foreground">{currency}</span>
        </span>
      </div>
      <div role="img" aria-label={`${label}: ${told}`} className="mt-1 space-y-0.5">
        {signOf(scale) > 0 && (
          <>
            <Bar part={before} scale={scale} className="bg-muted-foreground/50" />
            <Bar part={after} scale={scale} className={isReal(mode) ? 'bg-real' : 'bg-sim'} />
          </>
        )}
      </div>
      {hint && <p className="mt-1 text-[11px] text-pretty text-muted-foreground">{hint}</p>}
    </div>
  )
}

function Bar({ part, scale, className }: { part: string; scale: string; className: string }) {
  return (
    <div className="h-1.5 overflow-hidden rounded-full bg-secondary">
      <div
        className={cn('h-full rounded-full', className)}
        style={{ width: `${share(part, scale) * 100}%` }}
      />
    </div>
  )
}
