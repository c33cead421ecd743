import { createContext } from 'react'

import { compare, isDecimal, readDecimal } from '@/lib/money'

/** What the person said in the turn that a card belongs to. */
export const SaidContext = createContext<string | null>(null)

/**
 * What was said, with the number that was refused lowered to what is allowed; null where the number is not there, or
 * not just once.
 */
export function nearestSaying(
  said: string | null,
  { asked, max }: Readonly<Record<string, string>>,
): string | null {
  if (said === null || !asked || !max || !isDecimal(asked)) return null
  const found = [...said.matchAll(/\d+(?:[.,]\d+)?/g)].filter(([token]) => {
    const value = readDecimal(token)
    return value !== null && compare(value, asked) === 0
  })
  const [only] = found
  if (!only || found.length > 1) return null
  return said.slice(0, only.index) + max + said.slice(only.index + only[0].length)
}
