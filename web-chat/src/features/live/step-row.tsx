import { CircleAlert, CircleCheck, CircleDashed, CircleX } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { LiveCheckView } from '@/lib/api/types'
import { cn } from '@/lib/cn'
import { formatAmount, formatExact } from '@/lib/money'

import { freeOf, type Step, type StepState } from './steps'

const LOOKS = {
  pass: { Icon: CircleCheck, colour: 'text-gain' },
  fail: { Icon: CircleX, colour: 'text-loss' },
  warn: { Icon: CircleAlert, colour: 'text-foreground' },
  unknown: { Icon: CircleDashed, colour: 'text-muted-foreground' },
} as const satisfies Record<StepState, unknown>

/** One thing that is looked at: how it stands in word and sign, and below it what to do where it does not pass. */
export function StepRow({
  step: { name, state, untold },
  check,
  currency,
}: {
  step: Step
  check: LiveCheckView | null
  currency: string
}) {
  const { t, i18n } = useTranslation()
  const { Icon, colour } = LOOKS[state]
  const numbers = {
    venue: t(`venue.${check?.venue ?? ''}`, { defaultValue: check?.venue ?? '' }),
    code: String(check?.error_code ?? '–'),
    ms: formatAmount(String(check?.clock_skew_ms ?? 0), i18n.language),
    amount: formatExact(freeOf(check, currency), i18n.language),
    currency,
  }
  const key = `live.step.${name}`
  const form = `${key}.${untold ? 'untold' : state}`
  const detail = t(form, { ...numbers, defaultValue: '' })
  return (
    <li
      className="flex items-start gap-2.5 px-3 py-2"
      data-testid={`step-${name}`}
      data-state={state}
    >
      <Icon className={cn('mt-0.5 size-4 shrink-0', colour)} aria-hidden />
      <div className="min-w-0 flex-1 text-pretty">
        <p className={cn('text-[13px] font-medium', state === 'unknown' && 'font-normal')}>
          {t([`${form}.title`, key])}
        </p>
        {detail && <p className="text-xs text-muted-foreground">{detail}</p>}
      </div>
      <span className={cn('shrink-0 pt-0.5 text-xs font-medium', colour)}>
        {t(`live.state.${state}`)}
      </span>
    </li>
  )
}
