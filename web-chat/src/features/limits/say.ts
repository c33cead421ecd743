import type { TFunction } from 'i18next'

import { sayValue } from '@/features/actions/words'

import { type LimitField, type LimitValue, NUMBERS } from './fields'

/** A limit's value in words, with its unit. */
export function sayLimit(
  field: LimitField,
  value: LimitValue,
  { t, locale, currency }: { t: TFunction; locale: string; currency: string },
): string {
  const plain = field in NUMBERS && typeof value !== 'boolean' ? String(value) : value
  return sayValue(field, plain, { t, locale, currency, botName: null })
}
