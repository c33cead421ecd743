import { EyeOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Money } from '@/components/figures'
import type { ProposalView } from '@/lib/api/types'
import { sayValues } from '@/lib/names'

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

/** Why a person is asked; and that a stranger's text had been read, where that alone would not have been why. */
export function Why({ proposal }: { proposal: ProposalView }) {
  const { t, i18n } = useTranslation()
  const { why, numbers, tainted } = proposal
  return (
    <>
      <p className="text-[13px] text-pretty" data-testid="proposal-why">
        {t([`proposal.why.${formOf(proposal)}`, `proposal.why.${why}`], {
          ...sayValues(numbers, t, i18n.language),
          defaultValue: why,
        })}
      </p>
      {tainted && why !== 'tainted' && (
        <p
          className="flex items-start gap-1.5 text-[13px] text-pretty"
          data-testid="proposal-tainted"
        >
          <EyeOff className="mt-0.5 size-3.5 shrink-0" aria-hidden />
          {t('proposal.tainted')}
        </p>
      )}
    </>
  )
}

/** Which form of the reason fits: what the guard paused may be the bot itself, or another that it is like. */
function formOf({ why, numbers, action_kind }: ProposalView): string {
  if (why !== 'breaker' || numbers.rule === undefined) return why
  if (numbers.bot !== undefined) return 'breaker+bot'
  return action_kind === 'delete_bot' ? 'breaker+delete' : 'breaker+rule'
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
