import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { EmptyNote } from '@/components/note'
import { Button } from '@/components/ui/button'

import { useOpenProposals } from './api'
import { ProposalCard } from './proposal-card'

const AT_FIRST = 4

/** What waits for a person's word, or for its time. Where nothing does it says so, or with `quiet` is not there. */
export function Inbox({ quiet = false }: { quiet?: boolean }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const open = useOpenProposals()
  if (open.length === 0 && quiet) return null
  const shown = all ? open : open.slice(0, AT_FIRST)
  return (
    <section data-testid="inbox" aria-labelledby="inbox-title">
      <h2
        id="inbox-title"
        className="mb-1.5 flex min-h-7 items-center text-xs font-semibold text-muted-foreground"
      >
        {t('proposals.inbox', { count: open.length })}
      </h2>
      {open.length === 0 && (
        <div className="rounded-lg border border-dashed">
          <EmptyNote>{t('proposals.none')}</EmptyNote>
        </div>
      )}
      <div className="space-y-3">
        {shown.map((proposal) => (
          <ProposalCard key={proposal.id} proposal={proposal} />
        ))}
      </div>
      {shown.length < open.length && (
        <Button variant="ghost" size="sm" className="mt-1.5" onClick={() => setAll(true)}>
          {t('proposals.showAll', { total: String(open.length) })}
        </Button>
      )}
    </section>
  )
}
