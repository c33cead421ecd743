import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'

import { Countdown } from '@/components/countdown'
import { When } from '@/components/when'
import type { ProposalStatus, ProposalView } from '@/lib/api/types'
import { sayRule } from '@/lib/names'

import { nameOf } from './look'

/** What became of a proposal: in one sentence, and who decided it, where and when. Nothing while it is undecided. */
export function Result({ proposal, status }: { proposal: ProposalView; status: ProposalStatus }) {
  const { t, i18n } = useTranslation()
  if (status === 'pending') return null
  return (
    <div className="space-y-0.5 text-[13px]" data-testid="proposal-result">
      <p role="status">{sayResult(proposal, status, t, i18n.language)}</p>
      {status === 'waiting' && proposal.effective_at && (
        <p>
          <Countdown
            until={proposal.effective_at}
            say={(time) => t('proposal.effective_in', { time })}
            className="text-[15px] font-semibold"
          />
        </p>
      )}
      <Decided proposal={proposal} />
    </div>
  )
}

function sayResult(
  proposal: ProposalView,
  status: ProposalStatus,
  t: TFunction,
  locale: string,
): string {
  const { rule, rule_numbers, action_kind, effective_at } = proposal
  switch (status) {
    case 'done':
      return t([`receipt.${action_kind}`, 'proposals.result.done'], {
        name: nameOf(proposal) ?? t('proposals.theBot'),
      })
    case 'refused':
    case 'failed': {
      const reason = rule ? sayRule(rule, rule_numbers, t, locale) : ''
      return `${t(`proposals.result.${status}`)} ${reason}`.trim()
    }
    case 'denied':
      return t(effective_at ? 'proposals.result.cancelled' : 'proposals.result.denied')
    default:
      return t(`proposals.result.${status}`)
  }
}

/** Who said yes or no, and when. */
function Decided({ proposal }: { proposal: ProposalView }) {
  const { t } = useTranslation()
  const { status, decided_at, decided_by } = proposal
  if (!decided_at || !decided_by) return null
  const door = t(`door.${decided_by}`, { defaultValue: decided_by })
  return (
    <p className="text-xs text-muted-foreground">
      {t(status === 'denied' ? 'proposals.deniedBy' : 'proposals.confirmedBy', { door })} ·{' '}
      <When at={decided_at} className="num" />
    </p>
  )
}
