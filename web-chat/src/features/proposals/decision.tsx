import { useQueryClient } from '@tanstack/react-query'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { Countdown } from '@/components/countdown'
import { HashChip } from '@/components/hash-chip'
import { HoldButton } from '@/components/hold-button'
import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import { keepOutcome } from '@/features/actions/outcome'
import { useMayConfirm } from '@/features/session/api'
import { sayFailure } from '@/lib/api/failure'
import type { ProposalStatus, ProposalView } from '@/lib/api/types'

import { useDecision } from './api'

/** A person's word on a proposal: yes or no to what is shown, and how long there is for it. */
export function Decision({
  proposal,
  status,
  isReal,
}: {
  proposal: ProposalView
  status: ProposalStatus
  isReal: boolean
}) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const mayConfirm = useMayConfirm()
  const { confirm, deny } = useDecision()
  const isPending = confirm.isPending || deny.isPending
  const error = confirm.error ?? deny.error
  const disabled = isPending || !mayConfirm
  const waits = status === 'waiting'

  function sayYes() {
    confirm.mutate(proposal, { onSuccess: (outcome) => keepOutcome(client, outcome) })
  }
  function sayNo() {
    deny.mutate(proposal, { onSuccess: (outcome) => keepOutcome(client, outcome) })
  }

  return (
    <div className="w-full space-y-2">
      {error && <ErrorNote>{sayFailure(error, t, i18n.language)}</ErrorNote>}
      {!mayConfirm && (
        <p className="text-xs text-muted-foreground" data-testid="no-confirm-scope">
          {t('proposals.noScope')}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        {!waits && <ConfirmButton isReal={isReal} disabled={disabled} onConfirm={sayYes} />}
        <Button
          variant="outline"
          size="sm"
          disabled={disabled}
          onClick={once(sayNo)}
          data-testid="proposal-deny"
        >
          {t(waits ? 'proposal.withdraw' : 'proposal.deny')}
        </Button>
        <span className="ml-auto flex flex-wrap items-center justify-end gap-x-3 text-xs text-muted-foreground">
          {!waits && (
            <Countdown
              until={proposal.expires_at}
              say={(time) => t('proposal.expires_in', { time })}
            />
          )}
          <HashChip hash={proposal.hash} />
        </span>
      </div>
    </div>
  )
}

/** Not by the second click of a double click: once a card is decided, the next one comes under the pointer. */
function once(act: () => void) {
  return (event: MouseEvent) => {
    if (event.detail <= 1) act()
  }
}

/** Yes; to real money it has to be held. */
function ConfirmButton({
  isReal,
  disabled,
  onConfirm,
}: {
  isReal: boolean
  disabled: boolean
  onConfirm: () => void
}) {
  const { t } = useTranslation()
  if (isReal)
    return (
      <HoldButton
        size="sm"
        className="border-2 border-real bg-real/12 text-real hover:bg-real/20"
        variant="outline"
        disabled={disabled}
        onHeld={onConfirm}
        data-testid="proposal-confirm"
      >
        {t('proposals.confirmReal')}
      </HoldButton>
    )
  return (
    <Button size="sm" disabled={disabled} onClick={once(onConfirm)} data-testid="proposal-confirm">
      {t('proposal.confirm')}
    </Button>
  )
}
