import { useTranslation } from 'react-i18next'

import { useNow } from '@/lib/clock'
import { formatAgo } from '@/lib/time'

import { When } from './when'

/** A moment, and how long ago it was, ticking. */
export function Ago({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const now = useNow()
  return (
    <span className="num">
      <When at={at} /> ({formatAgo(at, now, i18n.language)})
    </span>
  )
}
