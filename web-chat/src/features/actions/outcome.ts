import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'

import { dropBot, keepBot } from '@/features/bots/api'
import { GUARD_KEY } from '@/features/guard/key'
import { LIMITS_KEY } from '@/features/limits/key'
import { LIVE_KEY, RECONCILIATION_KEY } from '@/features/live/key'
import { keepProposal } from '@/features/proposals/api'
import { sayFailure } from '@/lib/api/failure'
import type { Outcome } from '@/lib/api/types'
import { openOverlay } from '@/lib/overlay'

/** Writes what was read back into what is known; what it may have changed besides is asked for again. */
export function keepOutcome(client: QueryClient, outcome: Outcome): void {
  const stale: (readonly string[])[] = [['portfolio'], ['audit'], LIVE_KEY]
  if (outcome.kind === 'proposal') {
    keepProposal(client, outcome.proposal)
    stale.push(LIMITS_KEY, RECONCILIATION_KEY)
  } else {
    if (outcome.bot && outcome.action === 'delete_bot') dropBot(client, outcome.bot.id)
    else if (outcome.bot) keepBot(client, outcome.bot)
    if (outcome.guard) client.setQueryData(GUARD_KEY, outcome.guard)
    if (outcome.reconciliation) client.setQueryData(RECONCILIATION_KEY, outcome.reconciliation)
    else stale.push(RECONCILIATION_KEY)
    if (outcome.limits) client.setQueryData(LIMITS_KEY, outcome.limits)
    else stale.push(LIMITS_KEY)
  }
  for (const queryKey of stale) void client.invalidateQueries({ queryKey })
}

/** Says what came of an action: what was done in a toast, what needs a person's word by opening it. */
export function useOutcome(): (outcome: Outcome, name?: string) => void {
  const { t } = useTranslation()
  const client = useQueryClient()
  return (outcome, name) => {
    keepOutcome(client, outcome)
    if (outcome.kind === 'proposal') openOverlay('proposal', outcome.proposal.id)
    else
      toast.success(t(`receipt.${outcome.action}`, { name: name ?? outcome.bot?.spec.name ?? '' }))
  }
}

/** Sends an action that a button asks for; what went wrong is said in a toast unless `quiet`. */
export function useSubmit<Content>(
  send: (content: Content) => Promise<Outcome>,
  { quiet = false, name }: { quiet?: boolean; name?: string } = {},
) {
  const { t, i18n } = useTranslation()
  const take = useOutcome()
  return useMutation({
    mutationFn: send,
    onSuccess: (outcome) => take(outcome, name),
    onError: (error) => {
      if (!quiet) toast.error(sayFailure(error, t, i18n.language), { duration: 10_000 })
    },
  })
}
