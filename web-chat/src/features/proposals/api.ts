import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/lib/api/client'
import type { ProposalStatus, ProposalView } from '@/lib/api/types'

export const PROPOSALS_KEY = ['proposals'] as const
const KEPT = 50

/** How far along a proposal is: it never goes back. */
const STAGES: Readonly<Partial<Record<ProposalStatus, number>>> = {
  pending: 0,
  waiting: 1,
  executing: 2,
}
const OVER = 3

function stageOf({ status }: ProposalView): number {
  return STAGES[status] ?? OVER
}

/** What waits for a word first, then what waits for its time, then what is being done; of each the newest. */
export function byStage(a: ProposalView, b: ProposalView): number {
  return stageOf(a) - stageOf(b) || Date.parse(b.created_at) - Date.parse(a.created_at)
}

export function isOpen(proposal: ProposalView): boolean {
  return stageOf(proposal) < OVER
}

/** The newest proposals, open or not, newest first. */
export function useProposals() {
  return useQuery({
    queryKey: PROPOSALS_KEY,
    queryFn: () => answer(api.GET('/api/proposals')),
  })
}

/** What waits for a person, or for its time. */
export function useOpenProposals(): readonly ProposalView[] {
  return (useProposals().data ?? []).filter(isOpen)
}

/** The one of two tellings of the same proposal that is further along; a bot that is gone since keeps its name. */
export function furthest(a: ProposalView, b: ProposalView | undefined): ProposalView {
  if (b === undefined || stageOf(b) < stageOf(a)) return a
  return b.bot_name === null && a.bot_name !== null ? { ...b, bot_name: a.bot_name } : b
}

/** A proposal as it is now, wherever it was told of first. */
export function useLiveProposal(proposal: ProposalView): ProposalView {
  const known = useProposals().data?.find(({ id }) => id === proposal.id)
  return furthest(proposal, known)
}

/** One proposal: undefined while unknown, null where there is none of that id. */
export function useProposal(id: string): ProposalView | null | undefined {
  const list = useProposals().data
  const known = list?.find((proposal) => proposal.id === id)
  const asked = useQuery({
    queryKey: [...PROPOSALS_KEY, id],
    queryFn: () =>
      answer(api.GET('/api/proposals/{proposal_id}', { params: { path: { proposal_id: id } } })),
    enabled: list !== undefined && known === undefined,
  })
  if (known) return known
  return asked.isError ? null : asked.data
}

/** Writes a proposal into what is known: in its place, or at the front where it is new. */
export function keepProposal(client: QueryClient, proposal: ProposalView): void {
  client.setQueryData<ProposalView[]>(PROPOSALS_KEY, (known) => {
    if (!known) return known
    return known.some(({ id }) => id === proposal.id)
      ? known.map((old) => (old.id === proposal.id ? furthest(old, proposal) : old))
      : [proposal, ...known].slice(0, KEPT)
  })
}

const about = ({ id, hash }: ProposalView) => ({
  params: { path: { proposal_id: id } },
  body: { hash },
})

/** Sends a person's word on a proposal, with the hash of what was shown. */
export function useDecision() {
  const client = useQueryClient()
  const again = () => void client.invalidateQueries({ queryKey: PROPOSALS_KEY })
  const confirm = useMutation({
    mutationFn: (proposal: ProposalView) =>
      answer(api.POST('/api/proposals/{proposal_id}/confirm', about(proposal))),
    onSettled: again,
  })
  const deny = useMutation({
    mutationFn: (proposal: ProposalView) =>
      answer(api.POST('/api/proposals/{proposal_id}/deny', about(proposal))),
    onSettled: again,
  })
  return { confirm, deny }
}
