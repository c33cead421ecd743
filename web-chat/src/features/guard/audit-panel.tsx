import { FileDown } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ExportButton } from '@/components/export-button'
import { FilterInput } from '@/components/filter-input'
import { EmptyNote, ErrorNote } from '@/components/note'
import { Panel } from '@/components/panel'
import { Segmented } from '@/components/segmented'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useBots } from '@/features/bots/api'
import { sayFailure } from '@/lib/api/failure'
import type { AuditEntry } from '@/lib/api/types'
import { saveCsv } from '@/lib/csv'

import { type AuditFilter, useAudit, useVerifyAudit } from './api'
import { AuditNarrow } from './audit-narrow'
import { AuditTable } from './audit-table'
import { newestOfEach, outcomeOf, textOf } from './entry'
import { Verified, VerifyButton } from './verify-button'

const COLUMNS = [
  'id',
  'submission',
  'at',
  'phase',
  'action_kind',
  'risk',
  'door',
  'actor',
  'verdict',
  'rule',
  'numbers',
  'action',
  'receipt',
  'seal',
] as const satisfies readonly (keyof AuditEntry)[]

const SHOWN = {
  all: null,
  asked: ['asked', 'confirmed', 'denied'],
  done: ['done'],
  notDone: ['refused', 'failed', 'denied'],
} as const
type Shown = keyof typeof SHOWN

function isShown(entry: AuditEntry, shown: Shown): boolean {
  const outcomes: readonly string[] | null = SHOWN[shown]
  return outcomes === null || outcomes.includes(outcomeOf(entry))
}

function matches(text: string, filter: string): boolean {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

export function AuditPanel() {
  const { t, i18n } = useTranslation()
  const [wanted, setWanted] = useState<AuditFilter>({})
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useAudit(wanted)
  const [filter, setFilter] = useState('')
  const [shown, setShown] = useState<Shown>('all')
  const verifying = useVerifyAudit()
  const bots = useBots().data ?? []
  const lines = data?.pages.flat() ?? []
  const entries = newestOfEach(lines).filter(
    (entry) => isShown(entry, shown) && matches(textOf(entry, bots, t, i18n.language), filter),
  )
  return (
    <Panel
      title={t('audit.title')}
      flush
      actions={
        <div className="flex flex-wrap justify-end">
          <VerifyButton verifying={verifying} />
          <Button asChild variant="ghost" size="sm">
            <a href="/api/audit/export" download data-testid="audit-export">
              <FileDown aria-hidden />
              {t('audit.export')}
            </a>
          </Button>
          <ExportButton
            onExport={() => saveCsv('audit', COLUMNS, lines)}
            disabled={lines.length === 0}
          />
        </div>
      }
    >
      <Verified verifying={verifying} />
      <div className="flex flex-wrap items-center gap-2 border-b p-2">
        <FilterInput label={t('audit.filter')} value={filter} onChange={setFilter} />
        <AuditNarrow wanted={wanted} onWanted={setWanted} />
        <Segmented
          label={t('audit.show')}
          value={shown}
          onChange={setShown}
          options={(['all', 'asked', 'done', 'notDone'] as const).map((value) => ({
            value,
            label: t(`audit.${value}`),
          }))}
        />
      </div>
      {!data && error && <ErrorNote>{sayFailure(error, t, i18n.language)}</ErrorNote>}
      {!data && !error && <Skeleton className="m-3 h-24" />}
      {data && entries.length === 0 && (
        <EmptyNote>{t(lines.length === 0 ? 'audit.none' : 'common.noMatch')}</EmptyNote>
      )}
      {entries.length > 0 && <AuditTable entries={entries} bots={bots} />}
      {hasNextPage && (
        <div className="border-t p-2 text-center">
          <Button
            variant="ghost"
            size="sm"
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {t('audit.older')}
          </Button>
        </div>
      )}
    </Panel>
  )
}
