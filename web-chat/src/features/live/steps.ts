import type { LiveCheckView, LiveView } from '@/lib/api/types'
import { signOf } from '@/lib/money'

export const STEPS = [
  'answers',
  'configured',
  'works',
  'trades',
  'withdraws',
  'address',
  'confined',
  'clock',
  'balance',
] as const
export type StepName = (typeof STEPS)[number]

/** `warn` keeps nothing from being traded; `unknown` where a step before it failed, or nobody has looked. */
export type StepState = 'pass' | 'fail' | 'warn' | 'unknown'

export interface Step {
  name: StepName
  state: StepState
  /** Whether the exchange does not tell, which counts as the worse. */
  untold: boolean
}

/** What was looked at, step by step, each as far as it is known. */
export function stepsOf(
  { check, confined }: Pick<LiveView, 'check' | 'confined'>,
  currency: string,
): Step[] {
  const answered = check?.answered === true
  const hasKey = answered && check.configured
  const works = hasKey && check.key_works
  const states: Record<StepName, StepState> = {
    answers: judge(check !== null, answered),
    configured: judge(answered, hasKey),
    works: judge(hasKey, works),
    trades: judge(works, check?.can_trade),
    withdraws: judge(works, check?.can_withdraw === false),
    address: judge(works, check?.ip_restricted, 'warn'),
    confined: judge(true, confined, 'warn'),
    clock: judge(hasKey, hasKey && Math.abs(check.clock_skew_ms) <= check.max_skew_ms),
    balance: judge(works, signOf(freeOf(check, currency)) > 0, 'warn'),
  }
  return STEPS.map((name) => ({
    name,
    state: states[name],
    untold: name === 'withdraws' && works && check.can_withdraw === null,
  }))
}

function judge(
  isKnown: boolean,
  isGood: boolean | undefined,
  otherwise: 'fail' | 'warn' = 'fail',
): StepState {
  if (!isKnown) return 'unknown'
  return isGood ? 'pass' : otherwise
}

/** What can be spent of a currency. */
export function freeOf(check: LiveCheckView | null, currency: string): string {
  return check?.balances[currency]?.free ?? '0'
}
