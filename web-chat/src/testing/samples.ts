import type { AnalysisView, BotView, LimitsView, TradeView } from '@/lib/api/types'

const AT = '2026-03-01T12:00:00Z'

export function sampleBot(changes: Partial<BotView> = {}): BotView {
  return {
    id: 'a1b2c3d4e5f6',
    spec: {
      name: 'Dip buyer',
      description: '',
      mode: 'SIMULATED',
      pairs: ['BTC/USDT', 'ETH/USDT'],
      timeframe: '1m',
      strategy: 'RsiMeanReversion',
      parameters: {},
      stake: '50',
      max_open_trades: 2,
      stoploss_pct: null,
      take_profit_pct: null,
    },
    state: 'RUNNING',
    health: 'healthy',
    health_reason: null,
    log_tail: [],
    venue: 'demo',
    stake_currency: 'USDT',
    open_trades: 1,
    closed_trades: 7,
    open_exposure: '49.98',
    max_exposure: '100',
    realised_profit: '3.4129',
    unrealised_profit: '-0.2183',
    created_at: AT,
    started_at: AT,
    ...changes,
  }
}

export function sampleTrade(changes: Partial<TradeView> = {}): TradeView {
  return {
    bot_id: 'a1b2c3d4e5f6',
    bot_name: 'Dip buyer',
    trade_id: 1,
    mode: 'SIMULATED',
    pair: 'BTC/USDT',
    is_open: true,
    amount: '0.00051532',
    stake: '49.98',
    entry_rate: '96988.41000000',
    exit_rate: null,
    current_rate: '97212.10',
    opened_at: AT,
    closed_at: null,
    profit: '0.1151',
    profit_pct: '0.23',
    enter_tag: 'rsi_low',
    exit_reason: null,
    ...changes,
  }
}

export function sampleLimits(changes: Partial<LimitsView> = {}): LimitsView {
  return {
    limits: {
      max_trade: '100',
      max_bot_exposure: '500',
      max_total_exposure: '1000',
      blocked_pairs: ['SHIB/USDT'],
      live_enabled: false,
    },
    stake_currency: 'USDT',
    total_exposure: { used: '50', committed: '100', limit: '1000' },
    bots: [],
    changed_at: AT,
    ...changes,
  }
}

export function sampleAnalysis(changes: Partial<AnalysisView> = {}): AnalysisView {
  return {
    venue: 'demo',
    synthetic: true,
    pair: 'BTC/USDT',
    timeframe: '5m',
    price: '97000.5',
    change_24h_pct: '1.84',
    high_24h: '98211',
    low_24h: '95102.55',
    volume_24h: '182736451.22',
    rsi_14: '28.4',
    ema_20: '96911.2',
    ema_50: '96602.9',
    ema_200: null,
    atr_14_pct: '0.21',
    trend: 'up',
    candle_at: AT,
    candles: [],
    ...changes,
  }
}
