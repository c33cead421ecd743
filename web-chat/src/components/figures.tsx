import { TrendingDown, TrendingUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { cn } from '@/lib/cn'
import {
  type Decimal,
  formatAmount,
  formatExact,
  formatMoney,
  formatPercent,
  formatPrice,
  signOf,
} from '@/lib/money'

function Unit({ children }: { children: string }) {
  return (
    <>
      {'\u00a0'}
      <span className="text-[0.85em] font-normal text-muted-foreground">{children}</span>
    </>
  )
}

/** An amount with its unit. */
export function Money({
  value,
  currency,
  unit = true,
  exact = false,
  className,
}: {
  value: Decimal
  currency: string
  unit?: boolean
  /** With every digit, as what a person confirms or has set has to be. */
  exact?: boolean
  className?: string
}) {
  const { i18n } = useTranslation()
  return (
    <span className={cn('num', className)}>
      {exact ? formatExact(value, i18n.language) : formatMoney(value, currency, i18n.language)}
      {unit && <Unit>{currency}</Unit>}
    </span>
  )
}

export function Price({ value }: { value: Decimal | null }) {
  const { i18n } = useTranslation()
  return <span className="num">{value === null ? '–' : formatPrice(value, i18n.language)}</span>
}

export function Amount({ value, currency }: { value: Decimal; currency: string }) {
  const { i18n } = useTranslation()
  return (
    <span className="num">
      {formatAmount(value, i18n.language)}
      <Unit>{currency}</Unit>
    </span>
  )
}

/** Nothing has no shape: a dash before a zero would read as a minus. */
const SHAPES = { '-1': TrendingDown, '0': null, '1': TrendingUp } as const
const COLOURS = { '-1': 'text-loss', '0': 'text-muted-foreground', '1': 'text-gain' } as const

/** A gain or a loss: a sign and a shape beside the colour. */
export function Change({
  value,
  currency,
  percent,
  unit = true,
  shape = true,
  className,
}: {
  value?: Decimal
  currency?: string
  percent?: Decimal
  unit?: boolean
  shape?: boolean
  className?: string
}) {
  const { i18n } = useTranslation()
  const sign = signOf(value ?? percent ?? '0')
  // A loss of less than a cent is one, too.
  const signed = sign === 0 ? 'exceptZero' : 'always'
  const Shape = SHAPES[`${sign}`]
  return (
    <span className={cn('num', COLOURS[`${sign}`], className)}>
      {shape && Shape && <Shape className="mr-1 inline size-[1em] align-[-0.125em]" aria-hidden />}
      <span>
        {value !== undefined && formatMoney(value, currency ?? 'USDT', i18n.language, signed)}
        {value !== undefined && unit && currency && <Unit>{currency}</Unit>}
        {value !== undefined && percent !== undefined && ' '}
        {percent !== undefined && (
          <span className={cn(value !== undefined && 'text-[0.92em]')}>
            {formatPercent(percent, i18n.language, signed)}
          </span>
        )}
      </span>
    </span>
  )
}
