import { Component, type ComponentType, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { ProposalCard } from '@/features/proposals/proposal-card'
import type { CardKind, CardOf } from '@/lib/api/types'

import { AnalysisCard } from './analysis-card'
import { BotCard, HealthCard } from './bot-card'
import { BotsCard } from './bots-card'
import { GuardCard } from './guard-card'
import { LimitsCard } from './limits-card'
import { ReceiptCard } from './receipt-card'
import { ProblemCard, RefusalCard } from './refusal-card'
import { StrategiesCard } from './strategies-card'
import { TaintCard } from './taint-card'
import { LogCard, SourceCard } from './text-cards'
import { TradeCard, TradesCard } from './trades-cards'

type Drawing<Kind extends CardKind> = ComponentType<{ card: CardOf<Kind>; at: string }>

/** Which component draws which kind: a new card is one entry here. */
const DRAWINGS: { [Kind in CardKind]: Drawing<Kind> } = {
  bot: BotCard,
  bots: BotsCard,
  trades: TradesCard,
  trade: TradeCard,
  analysis: AnalysisCard,
  limits: LimitsCard,
  strategies: StrategiesCard,
  receipt: ReceiptCard,
  refusal: RefusalCard,
  problem: ProblemCard,
  health: HealthCard,
  proposal: ({ card }) => <ProposalCard proposal={card.proposal} />,
  taint: TaintCard,
  log: LogCard,
  source: SourceCard,
  guard: GuardCard,
}

/** A card of any kind; what this version cannot draw is said quietly. */
export function Card({ card, at }: { card: unknown; at: string }) {
  const kind = kindOf(card)
  const Drawing = isKnown(kind)
    ? (DRAWINGS[kind] as ComponentType<{ card: unknown; at: string }>)
    : null
  if (!Drawing) return <UnknownCard kind={kind} />
  return (
    <Fence key={kind} fallback={<UnknownCard kind={kind} />}>
      <Drawing card={card} at={at} />
    </Fence>
  )
}

function kindOf(card: unknown): string {
  const kind = typeof card === 'object' && card !== null && 'kind' in card ? card.kind : undefined
  return typeof kind === 'string' ? kind : '?'
}

function isKnown(kind: string): kind is CardKind {
  return Object.hasOwn(DRAWINGS, kind)
}

function UnknownCard({ kind }: { kind: string }) {
  const { t } = useTranslation()
  return (
    <p
      data-testid="card-unknown"
      className="rounded-lg border px-3 py-2 text-xs text-muted-foreground"
    >
      {t('card.unknownKind', { kind })}
    </p>
  )
}

/** Keeps a card that cannot be drawn from taking the page with it. */
class Fence extends Component<{ fallback: ReactNode; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    return this.state.broken ? this.props.fallback : this.props.children
  }
}
