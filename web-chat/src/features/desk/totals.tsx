import { useTranslation } from 'react-i18next'

import { Change, Money } from '@/components/figures'
import { ModeBadge } from '@/components/mode'
import { Skeleton } from '@/components/ui/skeleton'
import { usePortfolio } from '@/features/portfolio/api'
import type { PortfolioView } from '@/lib/api/types'
import { cn } from '@/lib/cn'
import { modeOutline } from '@/lib/mode'

/** One panel a mode: what is simulated and what is real are never added. */
export function Totals() {
  const { data } = usePortfolio()
  if (!data) return <Skeleton className="h-28" />
  if (data.length === 0) return null
  return (
    <div className="space-y-2">
      {data.map((portfolio) => (
        <Portfolio key={portfolio.mode} portfolio={portfolio} />
      ))}
    </div>
  )
}

function Portfolio({ portfolio }: { portfolio: PortfolioView }) {
  const { t } = useTranslation()
  const currency = portfolio.stake_currency
  return (
    <section
      className={cn('rounded-lg bg-card p-3', modeOutline(portfolio.mode))}
      data-testid="portfolio"
      data-mode={portfolio.mode}
    >
      <header className="flex items-center justify-between gap-2">
        <ModeBadge mode={portfolio.mode} />
        <span className="text-xs num text-muted-foreground">
          {t('desk.running', { running: String(portfolio.running), bots: String(portfolio.bots) })}
        </span>
      </header>
      <dl className="mt-2.5 grid grid-cols-2 gap-x-4 gap-y-2">
        <Figure label={t('desk.unrealised')}>
          <Change value={portfolio.unrealised_profit} currency={currency} />
        </Figure>
        <Figure label={t('desk.realised')}>
          <Change value={portfolio.realised_profit} currency={currency} />
        </Figure>
        <Figure label={t('desk.inTrades')} small>
          <Money value={portfolio.open_exposure} currency={currency} />
          <span className="text-muted-foreground"> · {portfolio.open_trades}</span>
        </Figure>
        <Figure label={t('desk.closed')} small>
          <span className="num">
            {t('desk.winsLosses', {
              wins: String(portfolio.wins),
              losses: String(portfolio.losses),
            })}
          </span>
        </Figure>
      </dl>
    </section>
  )
}

function Figure({
  label,
  small = false,
  children,
}: {
  label: string
  small?: boolean
  children: React.ReactNode
}) {
  return (
    <div className="min-w-0">
      <dt className="text-[11px] text-muted-foreground">{label}</dt>
      <dd className={small ? 'text-[13px]' : 'text-base font-semibold'}>{children}</dd>
    </div>
  )
}
