import { EyeOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Money } from '@/components/figures'
import type { ProposalView } from '@/lib/api/types'
import { sayKey } from '@/lib/names'

import { bindingOf } from './binding'
import { amountOf } from './look'

/** How much real money it is about, in the largest type of the card. */
export function Amount({ proposal, currency }: { proposal: ProposalView; currency: string }) {
  const amount = amountOf(proposal)
  if (amount === null) return null
  return (
    <p className="text-2xl leading-tight font-semibold text-real" data-testid="proposal-amount">
      <Money value={amount} currency={currency} exact />
    </p>
  )
}

/** Why a person is asked; and that a stranger's text had been read, where that alone would not have been why. */
export function Why({ proposal }: { proposal: ProposalView }) {
  const { t, i18n } = useTranslation()
  const { why, tainted } = proposal
  return (
    <>
      <p className="text-[13px] text-pretty" data-testid="proposal-why">
        {sayKey([`proposal.why.${formOf(proposal)}`], numbersOf(proposal), t, i18n.language, why)}
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

/** What a yes binds is told by itself, and not in the sentence again. */
function numbersOf(proposal: ProposalView): ProposalView['numbers'] {
  if (!bindingOf(proposal)) return proposal.numbers
  const rest = Object.entries(proposal.numbers).filter(([name]) => name !== 'source')
  return Object.fromEntries(rest)
}

/** With a bot that is deleted goes why the guard paused it. */
function formOf({ why, numbers, action_kind }: ProposalView): string {
  const forgets = why === 'breaker' && numbers.rule !== undefined && action_kind === 'delete_bot'
  return forgets ? 'breaker+delete' : why
}

/** Doors that a person comes through by hand; a token is a program's. */
const BY_HAND = ['web', 'cli', 'telegram']

function askerOf({ door, by_agent }: ProposalView): string {
  if (by_agent) return 'by_agent'
  return BY_HAND.includes(door) ? 'by_person' : 'by_program'
}

/** Who asked, through which door. */
export function Asked({ proposal }: { proposal: ProposalView }) {
  const { t } = useTranslation()
  const through = t(`door.${proposal.door}`, { defaultValue: proposal.door })
  return (
    <p className="text-xs text-muted-foreground" data-testid="proposal-asked">
      {t(`proposal.${askerOf(proposal)}`)} · {through}
    </p>
  )
}
