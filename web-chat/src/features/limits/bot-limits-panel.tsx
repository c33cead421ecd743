import { SlidersHorizontal } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/components/panel'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { UsageBar } from '@/components/usage-bar'
import type { BotView, LimitsView } from '@/lib/api/types'
import { openOverlay } from '@/lib/overlay'

import { useLimits } from './api'
import { limitOf, NUMBER_FIELDS, OF_ALL_ONLY } from './fields'
import { Line, Pairs } from './limits-bars'
import { sayLimit } from './say'
import { WaitingLoosenings } from './waiting'

/** What holds for one bot: its own limits where it has some, marked as such, and those of all for the rest. */
export function BotLimitsPanel({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  const { data } = useLimits()
  return (
    <Panel
      title={t('limits.ofBot')}
      actions={
        <Button
          variant="ghost"
          size="sm"
          className="-mr-2.5"
          onClick={() => openOverlay('limits', bot.id)}
          data-testid="edit-own-limits"
        >
          <SlidersHorizontal aria-hidden />
          {t('limits.edit')}
        </Button>
      }
    >
      <div className="space-y-3" data-testid="bot-limits">
        <WaitingLoosenings of={(proposal) => proposal.bot_id === bot.id} />
        {data ? <OwnLimits bot={bot} view={data} /> : <Skeleton className="h-24" />}
      </div>
    </Panel>
  )
}

function OwnLimits({ bot, view }: { bot: BotView; view: LimitsView }) {
  const { t, i18n } = useTranslation()
  const { limits, stake_currency: currency } = view
  const own = limits.bots?.[bot.id]
  const usage = view.bots.find(({ bot_id }) => bot_id === bot.id)
  const speech = { t, locale: i18n.language, currency }
  return (
    <>
      {usage && <UsageBar label={t('limits.maxBot')} usage={usage} currency={currency} />}
      <dl className="space-y-1 text-xs">
        {NUMBER_FIELDS.filter((field) => !OF_ALL_ONLY.has(field)).map((field) => {
          const its = own?.[field as keyof typeof own] ?? null
          return (
            <Line key={field} label={t(`limits.field.${field}`)}>
              {its !== null && <span className="mr-1.5 font-semibold">{t('limits.own')}</span>}
              {sayLimit(field, limitOf(field, limits, own), speech)}
            </Line>
          )
        })}
      </dl>
      <Pairs
        label={t('limits.blocked')}
        pairs={limitOf('blocked_pairs', limits, own) as string[]}
        blocked
      />
      <Pairs
        label={t('limits.allowed')}
        pairs={limitOf('allowed_pairs', limits, own) as string[]}
      />
    </>
  )
}
