import type { TFunction } from 'i18next'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ExportButton } from '@/components/export-button'
import { FilterInput } from '@/components/filter-input'
import { EmptyNote, ErrorNote } from '@/components/note'
import { Page } from '@/components/page'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useFillComposer } from '@/features/chat/drafts'
import { sayFailure } from '@/lib/api/failure'
import type { BotView } from '@/lib/api/types'

import { useBots } from './api'
import { BotRow } from './bot-row'
import { exportBots } from './bots-csv'
import { BotsTable } from './bots-table'

function matches({ spec, state, health }: BotView, filter: string, t: TFunction): boolean {
  const words = [t(`state.${state}`), t(`health.${health}`), t(`mode.${spec.mode}`)]
  const text = [spec.name, spec.strategy, ...words, ...spec.pairs].join(' ').toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

export function BotsPage() {
  const { t, i18n } = useTranslation()
  const { data, error } = useBots()
  const [filter, setFilter] = useState('')
  const fill = useFillComposer()
  const bots = data?.filter((bot) => matches(bot, filter, t)) ?? []
  return (
    <Page
      title={t('nav.bots')}
      actions={
        <Button size="sm" onClick={() => fill(t('first.create'))} data-testid="new-bot">
          <Plus aria-hidden />
          {t('bots.new')}
        </Button>
      }
    >
      {error && !data && <ErrorNote>{sayFailure(error, t, i18n.language)}</ErrorNote>}
      {data && (
        <div className="flex items-center justify-between gap-2">
          <FilterInput label={t('bots.filter')} value={filter} onChange={setFilter} />
          <ExportButton onExport={() => exportBots(bots)} disabled={bots.length === 0} />
        </div>
      )}
      <div className="overflow-hidden rounded-lg border bg-card">
        {!data && !error && <Skeleton className="m-3 h-24" />}
        {data && bots.length === 0 && (
          <EmptyNote>{t(data.length === 0 ? 'bots.none' : 'common.noMatch')}</EmptyNote>
        )}
        {bots.length > 0 && (
          <>
            <div className="max-lg:hidden">
              <BotsTable bots={bots} />
            </div>
            <ul className="divide-y lg:hidden">
              {bots.map((bot) => (
                <BotRow key={bot.id} bot={bot} />
              ))}
            </ul>
          </>
        )}
      </div>
    </Page>
  )
}
