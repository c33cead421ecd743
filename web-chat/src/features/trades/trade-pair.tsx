import { useTranslation } from 'react-i18next'

import type { TradeView } from '@/lib/api/types'
import { isReal } from '@/lib/mode'

/** A trade's pair; real money says so in words, here too. */
export function TradePair({ trade }: { trade: TradeView }) {
  const { t } = useTranslation()
  return (
    <span className="whitespace-nowrap">
      <span className="font-medium">{trade.pair}</span>
      {isReal(trade.mode) && <span className="ml-1 text-real">{t('mode.real')}</span>}
    </span>
  )
}
