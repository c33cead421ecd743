/** Names for the shapes of the API. Money is a decimal string, a time is RFC 3339 in UTC. */
import type { components } from './schema'

type Schemas = components['schemas']

export type BotView = Schemas['BotView']
export type TradeView = Schemas['TradeView']
export type Limits = Schemas['Limits']
export type LimitsChange = Schemas['LimitsChange']
export type LimitsView = Schemas['LimitsView']
export type Usage = Schemas['Usage']
export type CandleView = Schemas['CandleView']
export type AnalysisView = Schemas['AnalysisView']
export type StrategyView = Schemas['StrategyView']
export type PortfolioView = Schemas['PortfolioView']
export type Session = Schemas['SessionView']
export type Conversation = Schemas['ConversationView']
export type AuditEntry = Schemas['AuditView']
export type BotLimits = Schemas['BotLimits']
export type BotLimitsChange = Schemas['BotLimitsChange']
export type ModeUsage = Schemas['ModeUsage']
export type MandateView = Schemas['MandateView']
export type LiveView = Schemas['LiveView']
export type LiveCheckView = Schemas['LiveCheckView']
export type FindingView = Schemas['FindingView']
export type ReconciliationView = Schemas['ReconciliationView']
export type BalanceView = Schemas['BalanceView']
export type HoldView = Schemas['HoldView']
export type GuardView = Schemas['GuardView']
export type PanicView = Schemas['PanicView']
export type OrderRefusalView = Schemas['OrderRefusalView']
export type ProposalView = Schemas['ProposalView']
export type ProposalStatus = ProposalView['status']
export type EffectView = Schemas['EffectView']
export type PreviewView = Schemas['PreviewView']
export type ReceiptCard = Schemas['ReceiptCard']
export type ProposalCard = Schemas['ProposalCard']

/** What comes of an action that is not refused: it was done, or a person must say yes to it. */
export type Outcome = ReceiptCard | ProposalCard

/** Typed blocks of a conversation. */
export type Card = Schemas['CardChunk']['data']
export type CardKind = Card['kind']
export type CardOf<Kind extends CardKind> = Extract<Card, { kind: Kind }>
