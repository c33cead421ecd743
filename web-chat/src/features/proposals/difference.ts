import type { Difference } from '@/features/reconciliation/say'
import type { ProposalView } from '@/lib/api/types'

/** What a proposal would settle between our record, a bot and the exchange; null for one that settles nothing. */
export function differenceOf({ action }: ProposalView): Difference | null {
  const { kind, difference, pair, numbers } = action
  if (kind !== 'settle_finding' || typeof difference !== 'string') return null
  return {
    kind: difference,
    pair: typeof pair === 'string' ? pair : null,
    numbers: (numbers ?? {}) as Record<string, string>,
  }
}
