import type { TFunction } from 'i18next'

import type { TradeView } from '@/lib/api/types'

/** Why a trade was closed, or opened where it still is: a known reason in words, another one as it came. */
export function sayReason({ exit_reason, enter_tag }: TradeView, t: TFunction): string {
  const reason = exit_reason ?? enter_tag
  return reason ? t(`reason.${reason}`, { defaultValue: reason }) : '–'
}
