import type { BotView } from '@/lib/api/types'
import { saveCsv } from '@/lib/csv'

const COLUMNS = [
  'id',
  'name',
  'mode',
  'state',
  'health',
  'pairs',
  'strategy',
  'timeframe',
  'stake',
  'stake_currency',
  'max_open_trades',
  'open_trades',
  'closed_trades',
  'open_exposure',
  'max_exposure',
  'realised_profit',
  'unrealised_profit',
  'created_at',
] as const

export function exportBots(bots: readonly BotView[]): void {
  const rows = bots.map(({ spec, ...bot }) => ({ ...spec, ...bot, pairs: spec.pairs.join(' ') }))
  saveCsv('bots', COLUMNS, rows)
}
