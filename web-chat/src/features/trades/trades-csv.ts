import type { TradeView } from '@/lib/api/types'
import { saveCsv } from '@/lib/csv'

const COLUMNS = [
  'bot_name',
  'trade_id',
  'mode',
  'pair',
  'is_open',
  'amount',
  'stake',
  'entry_rate',
  'exit_rate',
  'current_rate',
  'opened_at',
  'closed_at',
  'profit',
  'profit_pct',
  'enter_tag',
  'exit_reason',
] as const satisfies readonly (keyof TradeView)[]

export function exportTrades(name: string, trades: readonly TradeView[]): void {
  saveCsv(name, COLUMNS, trades)
}
