import { useTranslation } from 'react-i18next'

import type { TradeView } from '@/lib/api/types'
import { isReal } from '@/lib/mode'

/** A trade's pair; real money says so in words, here too. */
export function TradePair({ trade }: { trade: TradeView }) {
  const { t } = useTranslation()
  return (
    <span className="inline-flex flex-wrap gap-x-1 whitespace-nowrap">
      <span className="font-medium">{trade.pair}</span>
      {isReal(trade.mode) && <span className="text-real">{t('mode.real')}</span>}
    </span>
  )
}
