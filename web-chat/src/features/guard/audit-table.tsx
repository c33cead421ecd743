import {
  Ban,
  ChevronRight,
  CircleCheck,
  Gavel,
  Hourglass,
  ShieldX,
  Stamp,
  ThumbsUp,
  TriangleAlert,
} from 'lucide-react'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import { Table, Tbody, Td, Th, Thead } from '@/components/ui/table'
import { When } from '@/components/when'
import type { AuditEntry, BotView } from '@/lib/api/types'
import { cn } from '@/lib/cn'

import { outcomeOf, sayDoor, sayKind, summaryOf } from './entry'

const LOOKS = {
  judged: { Icon: Gavel, colour: 'text-muted-foreground' },
  asked: { Icon: Stamp, colour: 'text-foreground' },
  confirmed: { Icon: ThumbsUp, colour: 'text-foreground' },
  denied: { Icon: Ban, colour: 'text-muted-foreground' },
  expired: { Icon: Hourglass, colour: 'text-muted-foreground' },
  done: { Icon: CircleCheck, colour: 'text-gain' },
  refused: { Icon: ShieldX, colour: 'text-loss' },
  failed: { Icon: TriangleAlert, colour: 'text-loss' },
} as const

export function AuditTable({
  entries,
  bots,
}: {
  entries: readonly AuditEntry[]
  bots: readonly BotView[]
}) {
  const { t } = useTranslation()
  return (
    <Table data-testid="audit-table">
      <Thead>
        <tr>
          <Th className="w-8">
            <span className="sr-only">{t('audit.details')}</span>
          </Th>
          <Th>{t('audit.at')}</Th>
          <Th>{t('audit.action')}</Th>
          <Th>
            <span className="max-sm:sr-only">{t('audit.outcome')}</span>
          </Th>
          <Th>{t('audit.about')}</Th>
          <Th className="max-sm:hidden">{t('audit.door')}</Th>
          <Th numeric className="max-sm:hidden">
            #
          </Th>
        </tr>
      </Thead>
      <Tbody>
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} bots={bots} />
        ))}
      </Tbody>
    </Table>
  )
}

function Row({ entry, bots }: { entry: AuditEntry; bots: readonly BotView[] }) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  const outcome = outcomeOf(entry)
  const { Icon, colour } = LOOKS[outcome]
  return (
    <Fragment>
      <tr data-testid="audit-row" data-verdict={entry.verdict}>
        <Td>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-expanded={open}
            aria-label={t('audit.detailsOf', { id: String(entry.id) })}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight className={cn('transition-transform', open && 'rotate-90')} />
          </Button>
        </Td>
        <Td className="num text-muted-foreground">
          <When at={entry.at} />
        </Td>
        <Td className="sm:whitespace-nowrap">{sayKind(entry, t)}</Td>
        <Td>
          <span
            className={cn(
              'inline-flex items-center gap-1.5 align-middle whitespace-nowrap',
              colour,
            )}
          >
            <Icon className="size-3.5" aria-hidden />
            <span className="max-sm:sr-only">{t(`audit.outcome.${outcome}`)}</span>
          </span>
        </Td>
        <Td className="sm:min-w-48">
          {summaryOf(entry, bots, t, i18n.language)}
          <p className="text-[11px] text-muted-foreground sm:hidden">{sayDoor(entry, t)}</p>
        </Td>
        <Td className="whitespace-nowrap text-muted-foreground max-sm:hidden">
          {sayDoor(entry, t)}
        </Td>
        <Td numeric className="text-muted-foreground max-sm:hidden">
          {entry.id}
        </Td>
      </tr>
      {open && (
        <tr>
          <td colSpan={7} className="px-3 pb-3">
            <Details entry={entry} />
          </td>
        </tr>
      )}
    </Fragment>
  )
}

function Details({ entry }: { entry: AuditEntry }) {
  const { actor, action, risk, numbers, receipt, seal } = entry
  return (
    <pre
      tabIndex={0}
      className="max-h-72 w-0 min-w-full overflow-auto rounded-md bg-muted p-2 font-mono text-[11px] leading-relaxed"
    >
      {JSON.stringify({ actor, action, risk, numbers, receipt, seal }, null, 2)}
    </pre>
  )
}
