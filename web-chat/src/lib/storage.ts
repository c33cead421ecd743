/** What this browser remembers; storage may be switched off, then nothing is. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`tradehelm.${key}`)
  } catch {
    return null
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`tradehelm.${key}`, value)
  } catch {
    // Nothing is lost but the choice itself.
  }
}
