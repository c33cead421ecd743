import { useTranslation } from 'react-i18next'

import { Money } from '@/components/figures'
import type { ProposalView } from '@/lib/api/types'
import { sayRule } from '@/lib/names'

import { amountOf } from './look'

/** How much real money it is about, in the largest type of the card. */
export function Amount({ proposal, currency }: { proposal: ProposalView; currency: string }) {
  const amount = amountOf(proposal)
  if (amount === null) return null
  return (
    <p className="text-2xl leading-tight font-semibold text-real" data-testid="proposal-amount">
      <Money value={amount} currency={currency} />
    </p>
  )
}

/** Why a person is asked. */
export function Why({ proposal: { why, numbers } }: { proposal: ProposalView }) {
  const { t, i18n } = useTranslation()
  const rule = numbers.rule === undefined ? '' : sayRule(numbers.rule, numbers, t, i18n.language)
  return (
    <p className="text-[13px] text-pretty" data-testid="proposal-why">
      {t(`proposal.why.${why}`, { defaultValue: why })} {rule}
    </p>
  )
}

/** Who asked, through which door. */
export function Asked({ proposal }: { proposal: ProposalView }) {
  const { t } = useTranslation()
  const { door, by_agent } = proposal
  const through = t(`door.${door}`, { defaultValue: door })
  return (
    <p className="text-xs text-muted-foreground">
      {t(by_agent ? 'proposal.by_agent' : 'proposal.by_person')} · {through}
    </p>
  )
}
