import { Link } from '@tanstack/react-router'
import { ShieldX, TriangleAlert } from 'lucide-react'
import { useContext } from 'react'
import { useTranslation } from 'react-i18next'

import { CardFrame } from '@/components/card-frame'
import { Fact } from '@/components/facts'
import { Button } from '@/components/ui/button'
import { useFillComposer } from '@/features/chat/drafts'
import type { CardOf } from '@/lib/api/types'
import { sayKey, sayRule, sayValues } from '@/lib/names'
import { openOverlay } from '@/lib/overlay'

import { nearestSaying, SaidContext } from './nearest'

/** Rules that bound one number of what was asked. */
const BOUNDS = new Set(['trade_size', 'open_trades'])

/** Rules that come from the owner's own limits. */
const OWN = new Set([
  'trade_size',
  'bot_exposure',
  'total_exposure',
  'open_trades',
  'daily_loss',
  'drawdown',
  'loss_streak',
  'order_rate',
  'cooldown',
  'pair_blocked',
  'pair_not_allowed',
  'agent_cannot_loosen',
])

/** Rules about real money: what is wrong, and what to do, stands in its own room. */
const ABOUT_REAL_MONEY = new Set([
  'live_disabled',
  'no_exchange_key',
  'key_can_withdraw',
  'clock_skew',
  'unreconciled',
])

export function RefusalCard({ card }: { card: CardOf<'refusal'> }) {
  const { t, i18n } = useTranslation()
  const fill = useFillComposer()
  const said = useContext(SaidContext)
  const numbers = sayValues(card.numbers, t, i18n.language)
  const hint = sayKey([`refusal.${card.rule}.hint`], card.numbers, t, i18n.language, '')
  const nearest = BOUNDS.has(card.rule) ? nearestSaying(said, card.numbers) : null
  const isReal = ABOUT_REAL_MONEY.has(card.rule)
  const actions = (nearest !== null || OWN.has(card.rule) || isReal) && (
    <>
      {isReal && (
        <Button asChild variant="outline" size="sm">
          <Link to="/live">{t('nav.live')}</Link>
        </Button>
      )}
      {nearest !== null && (
        <Button
          variant="outline"
          size="sm"
          className="h-auto min-h-7 shrink py-1 text-left whitespace-normal"
          onClick={() => fill(nearest)}
          data-testid="nearest"
        >
          “{nearest}”
        </Button>
      )}
      {OWN.has(card.rule) && (
        <Button
          variant={nearest === null ? 'outline' : 'ghost'}
          size="sm"
          onClick={() => openOverlay('limits')}
        >
          {t('limits.edit')}
        </Button>
      )}
    </>
  )
  return (
    <CardFrame
      kind="refusal"
      title={t('card.refusal', { action: t(`action.${card.action}`) })}
      Icon={ShieldX}
      tone="bad"
      at={card.at}
      actions={actions}
    >
      <p className="font-medium">{sayRule(card.rule, card.numbers, t, i18n.language)}</p>
      {numbers.asked !== undefined && numbers.max !== undefined && (
        <dl className="flex gap-8">
          <Figure label={t('card.asked')} value={numbers.asked} unit={numbers.currency} />
          <Figure label={t('card.allowed')} value={numbers.max} unit={numbers.currency} />
        </dl>
      )}
      {hint && <p className="text-[13px] text-muted-foreground">{hint}</p>}
    </CardFrame>
  )
}

function Figure({ label, value, unit }: { label: string; value: string; unit?: string }) {
  return (
    <Fact label={label}>
      <span className="text-lg font-semibold">{value}</span>
      {unit && <span className="ml-1 text-xs text-muted-foreground">{unit}</span>}
    </Fact>
  )
}

export function ProblemCard({ card }: { card: CardOf<'problem'> }) {
  const { t, i18n } = useTranslation()
  const action = t(`action.${card.action}`, { defaultValue: '' })
  return (
    <CardFrame
      kind="problem"
      title={action ? t('card.problem', { action }) : t('card.problemPlain')}
      Icon={TriangleAlert}
      tone="strong"
      at={card.at}
    >
      <p>{sayKey([`problem.${card.problem}`], card.numbers, t, i18n.language, card.problem)}</p>
    </CardFrame>
  )
}
