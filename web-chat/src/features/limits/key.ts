export const LIMITS_KEY = ['limits'] as const
