import type {
  AnalysisView,
  BotView,
  EffectView,
  FindingView,
  GuardView,
  LimitsView,
  LiveCheckView,
  LiveView,
  MandateView,
  OrderRefusalView,
  PanicView,
  PreviewView,
  ProposalView,
  ReconciliationView,
  TradeView,
} from '@/lib/api/types'

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

/** One that trades with real money, and was confirmed. */
export function sampleRealBot(
  mandate: Partial<MandateView> = {},
  changes: Partial<BotView> = {},
): BotView {
  const bot = sampleBot()
  return {
    ...bot,
    spec: { ...bot.spec, mode: 'REAL_MARKET_SPOT' },
    mandate: { status: 'valid', reason: null, at: AT, ...mandate },
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
      max_open_trades: 50,
      max_daily_loss: '100',
      max_drawdown: '250',
      max_loss_streak: 12,
      max_entries_per_minute: 30,
      max_entries_per_hour: 300,
      reentry_cooldown_s: 0,
      blocked_pairs: ['SHIB/USDT'],
      allowed_pairs: ['*/*'],
      live_enabled: false,
      bots: {},
    },
    stake_currency: 'USDT',
    total_exposure: { used: '50', committed: '100', limit: '1000' },
    modes: [
      {
        mode: 'SIMULATED',
        open_trades: 2,
        lost_today: '12.5',
        drawdown: '30',
        entries_minute: 1,
        entries_hour: 9,
      },
    ],
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

export function sampleEffect(changes: Partial<EffectView> = {}): EffectView {
  return {
    mode: 'SIMULATED',
    exposure_before: '100',
    exposure_after: '150',
    stop_loss_before: '5',
    stop_loss_after: '7.5',
    ...changes,
  }
}

export function sampleRefusedOrder(changes: Partial<OrderRefusalView> = {}): OrderRefusalView {
  return {
    id: 'p1',
    bot_id: 'a1b2c3d4e5f6',
    bot_name: 'Dip buyer',
    mode: 'SIMULATED',
    pair: 'BTC/USDT',
    order_type: 'limit',
    stake: '120',
    rate: '97000',
    rule: 'pair_blocked',
    numbers: { pair: 'BTC/USDT' },
    at: AT,
    ...changes,
  }
}

export function samplePreview(changes: Partial<PreviewView> = {}): PreviewView {
  return {
    days: 30,
    orders: 40,
    allowed_before: 36,
    allowed_after: 39,
    stake_before: '1800',
    stake_after: '2160',
    largest_before: '50',
    largest_after: '120',
    newly_allowed: [sampleRefusedOrder()],
    ...changes,
  }
}

/** A proposal that was made a moment ago and has its ten minutes. */
export function sampleProposal(changes: Partial<ProposalView> = {}): ProposalView {
  const now = Date.now()
  return {
    id: 'abcdef012345',
    hash: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    action: {
      kind: 'force_entry',
      bot_id: 'a1b2c3d4e5f6',
      pair: 'BTC/USDT',
      stake: '50',
      price: null,
    },
    action_kind: 'force_entry',
    why: 'tainted',
    tainted: true,
    numbers: {},
    status: 'pending',
    door: 'web',
    by_agent: true,
    conversation_id: 'c1',
    bot_id: 'a1b2c3d4e5f6',
    bot_name: 'Dip buyer',
    effect: sampleEffect(),
    preview: null,
    created_at: new Date(now - 19_000).toISOString(),
    expires_at: new Date(now + 581_000).toISOString(),
    effective_at: null,
    decided_at: null,
    decided_by: null,
    rule: null,
    rule_numbers: {},
    ...changes,
  }
}

export function samplePanic(changes: Partial<PanicView> = {}): PanicView {
  return {
    at: AT,
    door: 'telegram',
    exit: false,
    entries_off_ms: 420,
    exits_open: 0,
    ended_bots: [],
    unsold: [],
    unsold_trades: 0,
    ...changes,
  }
}

export function sampleGuard(changes: Partial<GuardView> = {}): GuardView {
  return { panic: null, refused_orders: [], ...changes }
}

/** A key with which all is well. */
export function sampleCheck(changes: Partial<LiveCheckView> = {}): LiveCheckView {
  return {
    at: AT,
    age_s: 5,
    answered: true,
    configured: true,
    key_works: true,
    can_trade: true,
    can_withdraw: false,
    ip_restricted: true,
    clock_skew_ms: 12,
    max_skew_ms: 1_000,
    balances: {
      USDT: { free: '1234.50000000', locked: '50.00000000' },
      BTC: { free: '0.00412000', locked: '0.00000000' },
      ETH: { free: '0.00000000', locked: '0.00000000' },
    },
    venue: 'binance',
    error_code: null,
    ...changes,
  }
}

export function sampleLive(changes: Partial<LiveView> = {}): LiveView {
  return {
    enabled: false,
    passed: true,
    rule: null,
    numbers: {},
    check: sampleCheck(),
    confined: true,
    bots: [],
    ...changes,
  }
}

export function sampleFinding(changes: Partial<FindingView> = {}): FindingView {
  return {
    id: 'f1',
    kind: 'fills_missing',
    bot_id: 'a1b2c3d4e5f6',
    bot_name: 'Dip buyer',
    pair: 'BTC/USDT',
    numbers: { order: '1234567', pair: 'BTC/USDT', quantity: '0.0012', missing: '0.0005' },
    uncertain: true,
    since: AT,
    settles: true,
    ...changes,
  }
}

export function sampleReconciliation(
  changes: Partial<ReconciliationView> = {},
): ReconciliationView {
  return { at: AT, agrees: true, findings: [], unasked: [], ...changes }
}
