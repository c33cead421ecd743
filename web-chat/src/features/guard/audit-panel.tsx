import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ExportButton } from '@/components/export-button'
import { FilterInput } from '@/components/filter-input'
import { EmptyNote, ErrorNote } from '@/components/note'
import { Panel } from '@/components/panel'
import { Segmented } from '@/components/segmented'
import { Skeleton } from '@/components/ui/skeleton'
import { useBots } from '@/features/bots/api'
import { sayFailure } from '@/lib/api/failure'
import type { AuditEntry } from '@/lib/api/types'
import { saveCsv } from '@/lib/csv'

import { useAudit } from './api'
import { AuditTable } from './audit-table'
import { newestOfEach, outcomeOf, textOf } from './entry'

const COLUMNS = [
  'id',
  'submission',
  'at',
  'phase',
  'action_kind',
  'door',
  'actor',
  'verdict',
  'rule',
  'numbers',
  'action',
  'receipt',
] as const satisfies readonly (keyof AuditEntry)[]

const SHOWN = { all: null, done: ['done'], notDone: ['refused', 'failed'] } as const
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
  const { data, error } = useAudit()
  const [filter, setFilter] = useState('')
  const [shown, setShown] = useState<Shown>('all')
  const bots = useBots().data ?? []
  const entries = newestOfEach(data ?? []).filter(
    (entry) => isShown(entry, shown) && matches(textOf(entry, bots, t, i18n.language), filter),
  )
  return (
    <Panel
      title={t('audit.title')}
      flush
      actions={
        <ExportButton
          onExport={() => saveCsv('audit', COLUMNS, data ?? [])}
          disabled={!data?.length}
        />
      }
    >
      <div className="flex flex-wrap items-center gap-2 border-b p-2">
        <FilterInput label={t('audit.filter')} value={filter} onChange={setFilter} />
        <Segmented
          label={t('audit.show')}
          value={shown}
          onChange={setShown}
          options={(['all', 'done', 'notDone'] as const).map((value) => ({
            value,
            label: t(`audit.${value}`),
          }))}
        />
      </div>
      {!data && error && <ErrorNote>{sayFailure(error, t, i18n.language)}</ErrorNote>}
      {!data && !error && <Skeleton className="m-3 h-24" />}
      {data && entries.length === 0 && (
        <EmptyNote>{t(data.length === 0 ? 'audit.none' : 'common.noMatch')}</EmptyNote>
      )}
      {entries.length > 0 && <AuditTable entries={entries} bots={bots} />}
    </Panel>
  )
}
