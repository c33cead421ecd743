import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import { Panel } from '@/components/panel'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useBots } from '@/features/bots/api'
import { BotRow } from '@/features/bots/bot-row'
import { useFillComposer } from '@/features/chat/drafts'
import { LimitsPanel } from '@/features/limits/limits-panel'
import { Inbox } from '@/features/proposals/inbox'
import { useStakeCurrency } from '@/features/status/api'
import { useClosedTrades, useOpenTrades } from '@/features/trades/api'
import { TradesList } from '@/features/trades/trades-list'
import { sayFailure } from '@/lib/api/failure'

import { Totals } from './totals'

const RECENT = 8

/** What there is to see of the account, live. */
export function Desk() {
  return (
    <div className="space-y-4 p-4" data-testid="desk">
      <Inbox quiet />
      <Totals />
      <Bots />
      <OpenTrades />
      <LimitsPanel />
      <RecentTrades />
    </div>
  )
}

function Bots() {
  const { t, i18n } = useTranslation()
  const { data, error } = useBots()
  return (
    <Panel
      title={t('desk.bots')}
      flush
      actions={
        <Button asChild variant="ghost" size="sm" className="-mr-2.5">
          <Link to="/bots">{t('desk.allBots')}</Link>
        </Button>
      }
    >
      {!data && !error && <Skeleton className="m-3 h-12" />}
      {!data && error && <ErrorNote>{sayFailure(error, t, i18n.language)}</ErrorNote>}
      {data?.length === 0 && <NoBots />}
      {data && data.length > 0 && (
        <ul className="divide-y">
          {data.map((bot) => (
            <BotRow key={bot.id} bot={bot} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function NoBots() {
  const { t } = useTranslation()
  const fill = useFillComposer()
  return (
    <div className="space-y-2 px-3 py-4 text-center text-xs text-muted-foreground">
      <p>{t('bots.none')}</p>
      <Button variant="outline" size="sm" onClick={() => fill(t('first.create'))}>
        {t('bots.new')}
      </Button>
    </div>
  )
}

function OpenTrades() {
  const { t } = useTranslation()
  const currency = useStakeCurrency()
  const { data } = useOpenTrades()
  return (
    <Panel title={t('desk.openTrades', { count: data?.length ?? 0 })} flush>
      <div data-testid="open-trades">
        {data ? (
          <TradesList trades={data} currency={currency} empty={t('desk.noOpenTrades')} />
        ) : (
          <Skeleton className="m-3 h-8" />
        )}
      </div>
    </Panel>
  )
}

function RecentTrades() {
  const { t } = useTranslation()
  const currency = useStakeCurrency()
  const { data } = useClosedTrades()
  if (!data || data.length === 0) return null
  return (
    <Panel title={t('desk.recentTrades')} flush>
      <div data-testid="recent-trades">
        <TradesList trades={data.slice(0, RECENT)} currency={currency} empty="" />
      </div>
    </Panel>
  )
}
