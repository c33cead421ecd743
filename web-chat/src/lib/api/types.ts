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
export type ReceiptCard = Schemas['ReceiptCard']

interface Stamped {
  action: string
  at: string
}

/** Typed blocks of a conversation, as `tools/cards.py` declares them. */
export type Card =
  | { kind: 'bot'; bot: BotView }
  | { kind: 'bots'; bots: BotView[] }
  | {
      kind: 'trades'
      bot_id: string
      bot_name: string
      stake_currency: string
      trades: TradeView[]
    }
  | { kind: 'trade'; stake_currency: string; trade: TradeView }
  | { kind: 'analysis'; analysis: AnalysisView }
  | { kind: 'limits'; limits: LimitsView }
  | { kind: 'strategies'; strategies: StrategyView[] }
  | ReceiptCard
  | ({
      kind: 'refusal'
      audit_id: number
      rule: string
      numbers: Record<string, string>
    } & Stamped)
  | ({ kind: 'problem'; problem: string; numbers: Record<string, string> } & Stamped)
  | { kind: 'health'; bot: BotView }

export type CardKind = Card['kind']
export type CardOf<Kind extends CardKind> = Extract<Card, { kind: Kind }>
