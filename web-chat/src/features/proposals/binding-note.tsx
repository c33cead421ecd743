import { Stamp } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Money } from '@/components/figures'
import { HashChip } from '@/components/hash-chip'
import { ModeBadge } from '@/components/mode'
import type { BotView, ProposalView } from '@/lib/api/types'

import { isOpen } from './api'
import { type Binding, leaveOf } from './binding'

/** What exactly a yes binds of a bot that trades with real money, and what the bot may do from then on. */
export function BindingNote({
  binding,
  proposal,
  bot,
}: {
  binding: Binding
  proposal: ProposalView
  bot: BotView | null | undefined
}) {
  const { t } = useTranslation()
  const { venue, strategy, source, pairs, stake, trades, exposure, currency } = binding
  return (
    <section
      aria-label={t('binding.title')}
      className="space-y-2 rounded-md border-2 border-real/60 bg-real/6 p-3"
      data-testid="binding"
    >
      <h3 className="flex items-center gap-1.5 text-xs font-semibold">
        <Stamp className="size-3.5 shrink-0 text-real" aria-hidden />
        {t('binding.title')}
      </h3>
      <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-[13px]">
        <Row label={t('bots.venue')}>
          {t(`venue.${venue}`, { defaultValue: venue })}
          <ModeBadge mode="REAL_MARKET_SPOT" />
        </Row>
        <Row label={t('bots.strategy')}>
          {strategy}
          {source === null ? (
            <span className="text-loss">{t('binding.unreadable')}</span>
          ) : (
            <HashChip hash={source} />
          )}
        </Row>
        <Row label={t('bots.pairs')}>{pairs}</Row>
        <Row label={t('bots.stake')}>
          <span>
            <Money value={stake} currency={currency} exact />
            <span className="num text-muted-foreground"> × {trades}</span>
          </span>
        </Row>
        <Row label={t('binding.exposure')}>
          <Money value={exposure} currency={currency} exact className="font-semibold" />
        </Row>
      </dl>
      {isOpen(proposal) && (
        <p className="border-t border-real/40 pt-2 text-xs text-pretty" data-testid="binding-leave">
          {t(`binding.leave.${leaveOf(proposal, bot)}`)}
        </p>
      )}
    </section>
  )
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="col-span-2 grid grid-cols-subgrid items-baseline">
      <dt className="text-xs text-muted-foreground">{label}</dt>
      <dd className="flex min-w-0 flex-wrap items-baseline gap-x-2 gap-y-1 break-words">
        {children}
      </dd>
    </div>
  )
}
