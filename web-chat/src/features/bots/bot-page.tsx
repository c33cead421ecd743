import { Link, useParams } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { BotState } from '@/components/bot-state'
import { ExportButton } from '@/components/export-button'
import { ModeBadge } from '@/components/mode'
import { EmptyNote } from '@/components/note'
import { Page } from '@/components/page'
import { Panel } from '@/components/panel'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { BotLimitsPanel } from '@/features/limits/bot-limits-panel'
import { MandateNote } from '@/features/mandates/mandate-note'
import { BotMore } from '@/features/orders/bot-more'
import { TradeMenu } from '@/features/orders/trade-menu'
import { exportTrades } from '@/features/trades/trades-csv'
import { TradesTable } from '@/features/trades/trades-table'
import type { BotView } from '@/lib/api/types'

import { useBot, useBotLogs, useBotTrades } from './api'
import { BotActions } from './bot-actions'
import { BotFacts } from './bot-facts'
import { CrashNote } from './crash-note'
import { HoldNote } from './hold-note'
import { LogLines } from './log-lines'

export function BotPage() {
  const { t } = useTranslation()
  const { botId } = useParams({ from: '/bots/$botId' })
  const bot = useBot(botId)
  if (bot === undefined)
    return (
      <Page title={<Skeleton className="h-6 w-40" />}>
        <Skeleton className="h-32" />
      </Page>
    )
  if (bot === null)
    return (
      <Page title={t('bots.gone.title')} actions={<ToBots />}>
        <p className="text-muted-foreground">{t('bots.gone.text')}</p>
      </Page>
    )
  return <KnownBot bot={bot} />
}

function ToBots() {
  const { t } = useTranslation()
  return (
    <Button asChild variant="ghost" size="sm">
      <Link to="/bots">
        <ChevronLeft aria-hidden />
        <span className="max-sm:sr-only">{t('desk.allBots')}</span>
      </Link>
    </Button>
  )
}

function KnownBot({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  return (
    <Page
      title={
        <>
          <span className="truncate">{bot.spec.name}</span>
          <ModeBadge mode={bot.spec.mode} />
          <BotState bot={bot} className="font-normal" />
        </>
      }
      actions={
        <>
          <ToBots />
          <BotActions bot={bot} as="buttons" />
          <BotMore bot={bot} />
        </>
      }
    >
      {bot.spec.description && <p className="text-muted-foreground">{bot.spec.description}</p>}
      <CrashNote bot={bot} />
      <HoldNote bot={bot} />
      <MandateNote bot={bot} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-4">
          <Panel title={t('bots.summary')}>
            <BotFacts bot={bot} />
            <Parameters bot={bot} />
          </Panel>
          <Trades bot={bot} />
          <Log bot={bot} />
        </div>
        <BotLimitsPanel bot={bot} />
      </div>
    </Page>
  )
}

function Parameters({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  const parameters = Object.entries(bot.spec.parameters)
  if (parameters.length === 0) return null
  return (
    <p className="mt-3 border-t pt-2.5 text-xs text-muted-foreground">
      {t('bots.parameters')}:{' '}
      <span className="font-mono text-[11px] num whitespace-normal text-foreground">
        {parameters.map(([name, value]) => `${name} = ${String(value)}`).join(', ')}
      </span>
    </p>
  )
}

function Trades({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  const { data } = useBotTrades(bot.id)
  return (
    <Panel
      title={t('bots.trades', { count: data?.length ?? 0 })}
      flush
      actions={
        <ExportButton
          onExport={() => exportTrades(`trades-${bot.id}`, data ?? [])}
          disabled={!data?.length}
        />
      }
    >
      {data ? (
        <TradesTable
          trades={data}
          currency={bot.stake_currency}
          empty={t('bots.noTrades')}
          showBot={false}
          actionsOf={(trade) => <TradeMenu bot={bot} trade={trade} />}
        />
      ) : (
        <Skeleton className="m-3 h-16" />
      )}
    </Panel>
  )
}

function Log({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  const { data } = useBotLogs(bot.id)
  return (
    <Panel title={t('bots.log')} flush>
      {data && data.lines.length > 0 ? (
        <LogLines lines={data.lines} />
      ) : (
        <EmptyNote>{t('bots.noLog')}</EmptyNote>
      )}
    </Panel>
  )
}
