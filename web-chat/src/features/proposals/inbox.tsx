import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { EmptyNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import type { ProposalView } from '@/lib/api/types'
import { useNow } from '@/lib/clock'

import { byStage, isOpen, useProposals } from './api'
import { ProposalCard } from './proposal-card'

const AT_FIRST = 4
const LINGERS_MS = 30_000

/**
 * What waits for a person's word, or for its time, and below it for a while yet what came of the rest. Where there is
 * nothing it says so, or with `quiet` is not there.
 */
export function Inbox({ quiet = false }: { quiet?: boolean }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const told = useProposals().data ?? []
  const open = told.filter(isOpen).sort(byStage)
  const now = useNow(told.some(isDecided))
  const decided = told.filter((one) => isDecided(one) && now < lingersUntil(one)).sort(byStage)
  const isEmpty = open.length + decided.length === 0
  if (isEmpty && quiet) return null
  const shown = all ? open : open.slice(0, AT_FIRST)
  return (
    <section data-testid="inbox" aria-labelledby="inbox-title">
      <h2
        id="inbox-title"
        className="mb-1.5 flex min-h-7 items-center text-xs font-semibold text-muted-foreground"
      >
        {t('proposals.inbox', { count: open.length })}
      </h2>
      {isEmpty && (
        <div className="rounded-lg border border-dashed">
          <EmptyNote>{t('proposals.none')}</EmptyNote>
        </div>
      )}
      <div className="space-y-3">
        {/* One list, so that a card that moves down when it is decided stays the same card. */}
        {[
          ...shown.map(draw),
          shown.length < open.length && (
            <Button key="all" variant="ghost" size="sm" onClick={() => setAll(true)}>
              {t('proposals.showAll', { total: String(open.length) })}
            </Button>
          ),
          ...decided.slice(0, AT_FIRST).map(draw),
        ]}
      </div>
    </section>
  )
}

function draw(proposal: ProposalView) {
  return <ProposalCard key={proposal.id} proposal={proposal} />
}

function isDecided(proposal: ProposalView): boolean {
  return !isOpen(proposal) && proposal.decided_at !== null
}

function lingersUntil({ decided_at }: ProposalView): number {
  return Date.parse(decided_at ?? '') + LINGERS_MS
}
