import { useQueryClient } from '@tanstack/react-query'
import { Hourglass, Stamp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'

import { Becomes } from '@/components/becomes'
import { Countdown } from '@/components/countdown'
import { Button } from '@/components/ui/button'
import { keepOutcome } from '@/features/actions/outcome'
import { sayAction, type Speech } from '@/features/actions/words'
import { useDecision, useOpenProposals } from '@/features/proposals/api'
import { useSpeech } from '@/features/proposals/use-speech'
import { useValues } from '@/features/proposals/values'
import { useMayConfirm } from '@/features/session/api'
import { sayFailure } from '@/lib/api/failure'
import type { ProposalView } from '@/lib/api/types'
import { openOverlay } from '@/lib/overlay'

/**
 * Loosened limits that were confirmed and are not in force yet, with the time that is left. With `of` only some, and
 * also those that still wait for a word: they have no other place on that page.
 */
export function WaitingLoosenings({ of }: { of?: (proposal: ProposalView) => boolean }) {
  const waiting = useOpenProposals().filter(
    (proposal) =>
      proposal.why === 'loosening' && (of ? of(proposal) : proposal.status !== 'pending'),
  )
  if (waiting.length === 0) return null
  return (
    <ul className="space-y-2" data-testid="waiting-loosenings">
      {waiting.map((proposal) => (
        <Waiting key={proposal.id} proposal={proposal} />
      ))}
    </ul>
  )
}

function Waiting({ proposal }: { proposal: ProposalView }) {
  const { t } = useTranslation()
  const speech = useSpeech(proposal)
  const confirmed = proposal.effective_at !== null
  const Icon = confirmed ? Hourglass : Stamp
  const look = () => openOverlay('proposal', proposal.id)
  return (
    <li className="flex items-start gap-2 rounded-md border border-dashed px-2.5 py-2 text-xs">
      <Icon className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">
        <button
          type="button"
          onClick={look}
          className="rounded-sm text-left font-medium outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
          data-testid="open-proposal"
        >
          {sayAction(proposal.action, speech)}
        </button>
        <Changed proposal={proposal} speech={speech} />
        <p className="text-muted-foreground">
          <Countdown
            until={proposal.effective_at ?? proposal.expires_at}
            say={(time) => t(confirmed ? 'proposal.effective_in' : 'proposal.expires_in', { time })}
          />
        </p>
      </div>
      {confirmed ? (
        <TakeBack proposal={proposal} />
      ) : (
        <Button variant="outline" size="sm" onClick={look}>
          {t('proposals.look')}
        </Button>
      )}
    </li>
  )
}

/** Which limits change, from what and to what. */
function Changed({ proposal, speech }: { proposal: ProposalView; speech: Speech }) {
  const values = useValues(proposal, speech, undefined)
  if (proposal.action.changes === undefined) return null
  return (
    <dl className="my-0.5 space-y-0.5" data-testid="waiting-change">
      {values
        .filter(({ name }) => name !== 'bot')
        .map(({ name, label, text, before }) => (
          <div key={name} className="flex flex-wrap gap-x-2">
            <dt className="text-muted-foreground first-letter:uppercase">{label}</dt>
            <dd className="min-w-0 break-words num whitespace-normal">
              <Becomes before={before} after={text} />
            </dd>
          </div>
        ))}
    </dl>
  )
}

function TakeBack({ proposal }: { proposal: ProposalView }) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const mayConfirm = useMayConfirm()
  const { deny } = useDecision()
  return (
    <Button
      variant="outline"
      size="sm"
      disabled={deny.isPending || !mayConfirm}
      title={mayConfirm ? undefined : t('proposals.noScope')}
      onClick={() =>
        deny.mutate(proposal, {
          onSuccess: (outcome) => keepOutcome(client, outcome),
          onError: (error) => toast.error(sayFailure(error, t, i18n.language)),
        })
      }
      data-testid="take-back"
    >
      {t('proposal.withdraw')}
    </Button>
  )
}
