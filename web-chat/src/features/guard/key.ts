export const GUARD_KEY = ['guard'] as const
