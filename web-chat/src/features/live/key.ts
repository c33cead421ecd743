export const LIVE_KEY = ['live'] as const
export const RECONCILIATION_KEY = ['reconciliation'] as const
