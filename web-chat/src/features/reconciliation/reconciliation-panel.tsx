import { CircleCheck, CircleHelp, Info, OctagonAlert, Scale } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Ago } from '@/components/ago'
import { ErrorNote } from '@/components/note'
import { Panel } from '@/components/panel'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { sayFailure } from '@/lib/api/failure'
import type { ReconciliationView } from '@/lib/api/types'
import { cn } from '@/lib/cn'

import { useCompare, useReconciliation } from './api'
import { Finding } from './finding'

/** Whether our record, the exchange and the bots agree, and all in which they do not. */
export function ReconciliationPanel() {
  const { t, i18n } = useTranslation()
  const { data, error } = useReconciliation()
  const compare = useCompare()
  const failed = compare.error ?? (data ? null : error)
  return (
    <Panel
      title={t('reconciliation.title')}
      flush
      actions={
        <>
          {data?.at && (
            <span className="text-xs text-muted-foreground">
              {t('reconciliation.compared')} <Ago at={data.at} />
            </span>
          )}
          <Button
            variant="outline"
            size="sm"
            disabled={compare.isPending}
            onClick={() => compare.mutate()}
            data-testid="compare"
          >
            <Scale className={cn(compare.isPending && 'animate-pulse')} aria-hidden />
            {t('reconciliation.compare')}
          </Button>
        </>
      }
    >
      {failed && <ErrorNote className="m-3">{sayFailure(failed, t, i18n.language)}</ErrorNote>}
      {!data && !error && <Skeleton className="m-3 h-12" />}
      {data && <Compared compared={data} />}
    </Panel>
  )
}

function Compared({ compared }: { compared: ReconciliationView }) {
  const { t } = useTranslation()
  const { findings, unasked } = compared
  return (
    <div data-testid="reconciliation" data-agrees={compared.agrees}>
      <Verdict compared={compared} />
      {unasked.length > 0 && (
        <p className="px-3 pb-3 text-xs text-pretty text-muted-foreground">
          {t('reconciliation.unasked', { bots: unasked.join(', ') })}
        </p>
      )}
      {findings.length > 0 && (
        <ul className="divide-y border-t">
          {[...findings].sort(byUrgency).map((finding) => (
            <Finding key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
    </div>
  )
}

/** Where money is uncertain first, then the newest. */
function byUrgency(
  a: ReconciliationView['findings'][number],
  b: ReconciliationView['findings'][number],
): number {
  return Number(b.uncertain) - Number(a.uncertain) || Date.parse(b.since) - Date.parse(a.since)
}

const LOOKS = {
  agrees: { Icon: CircleCheck, colour: 'text-gain' },
  noted: { Icon: Info, colour: 'text-foreground' },
  differs: { Icon: OctagonAlert, colour: 'text-loss' },
  unknown: { Icon: CircleHelp, colour: 'text-foreground' },
  never: { Icon: CircleHelp, colour: 'text-muted-foreground' },
} as const

function verdictOf({ at, agrees, findings }: ReconciliationView): keyof typeof LOOKS {
  if (agrees === null) return at === null ? 'never' : 'unknown'
  if (!agrees) return 'differs'
  return findings.length > 0 ? 'noted' : 'agrees'
}

function Verdict({ compared }: { compared: ReconciliationView }) {
  const { t } = useTranslation()
  const verdict = verdictOf(compared)
  const { Icon, colour } = LOOKS[verdict]
  return (
    <p className="flex items-start gap-2 p-3 font-medium text-pretty" role="status">
      <Icon className={cn('mt-0.5 size-4 shrink-0', colour)} aria-hidden />
      {t(`reconciliation.${verdict}`, { count: compared.findings.length })}
    </p>
  )
}
