import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { EmptyNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import type { ProposalView } from '@/lib/api/types'
import { useNow } from '@/lib/clock'

import { isOpen, useProposals } from './api'
import { ProposalCard } from './proposal-card'

const AT_FIRST = 4
const LINGERS_MS = 30_000

/**
 * What waits for a person's word, or for its time, and for a while yet what came of it. Where there is nothing it says
 * so, or with `quiet` is not there.
 */
export function Inbox({ quiet = false }: { quiet?: boolean }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const told = useProposals().data ?? []
  const open = told.filter(isOpen)
  const now = useNow(told.some(isDecided))
  const kept = told
    .filter((one) => isOpen(one) || (isDecided(one) && now < lingersUntil(one)))
    .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
  if (kept.length === 0 && quiet) return null
  const shown = all ? kept : kept.slice(0, AT_FIRST)
  return (
    <section data-testid="inbox" aria-labelledby="inbox-title">
      <h2
        id="inbox-title"
        className="mb-1.5 flex min-h-7 items-center text-xs font-semibold text-muted-foreground"
      >
        {t('proposals.inbox', { count: open.length })}
      </h2>
      {kept.length === 0 && (
        <div className="rounded-lg border border-dashed">
          <EmptyNote>{t('proposals.none')}</EmptyNote>
        </div>
      )}
      <div className="space-y-3">
        {shown.map((proposal) => (
          <ProposalCard key={proposal.id} proposal={proposal} />
        ))}
      </div>
      {shown.length < kept.length && (
        <Button variant="ghost" size="sm" className="mt-1.5" onClick={() => setAll(true)}>
          {t('proposals.showAll', { total: String(kept.length) })}
        </Button>
      )}
    </section>
  )
}

function isDecided(proposal: ProposalView): boolean {
  return !isOpen(proposal) && proposal.decided_at !== null
}

function lingersUntil({ decided_at }: ProposalView): number {
  return Date.parse(decided_at ?? '') + LINGERS_MS
}
