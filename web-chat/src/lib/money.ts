/** Money is a decimal string from the server to the screen: never a binary number in between. */
export type Decimal = string

const CENTS = new Set(['USDT', 'USDC', 'FDUSD', 'TUSD', 'DAI', 'USD', 'EUR', 'BRL', 'GBP'])
const PLAIN = /^([+-]?)(\d+)(?:\.(\d+))?$/

type SignDisplay = 'negative' | 'exceptZero' | 'always'

/** Intl formats a decimal string exactly; the cast tells TypeScript that ours is one. */
function exactly(value: Decimal, locale: string, options: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locale, options).format(value as `${number}`)
}

/** An amount of a currency, without its unit: cents for those that have them, up to 8 places for the rest. */
export function formatMoney(
  value: Decimal,
  currency: string,
  locale: string,
  signDisplay: SignDisplay = 'negative',
): string {
  const maximumFractionDigits = CENTS.has(currency) ? 2 : 8
  return exactly(value, locale, { minimumFractionDigits: 2, maximumFractionDigits, signDisplay })
}

/**
 * All of its digits and `least` places, grouped as the language does: for whatever a person confirms or has set. What is
 * no plain decimal stays as it is written.
 */
export function formatExact(value: Decimal, locale: string, least = 2): string {
  const match = PLAIN.exec(value)
  if (!match) return value
  const [, , whole = '0', fraction = ''] = match
  const sign = signOf(value) < 0 ? '-' : ''
  const grouped = new Intl.NumberFormat(locale).format(BigInt(whole))
  const places = fraction.replace(/0+$/, '').padEnd(least, '0')
  return `${sign}${grouped}${places && pointOf(locale) + places}`
}

function pointOf(locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(0.5)
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.'
}

/** A price: as many places as its size needs, so that 0.00001234 and 97,012.50 both read well. */
export function formatPrice(value: Decimal, locale: string): string {
  const [, , whole = '0'] = PLAIN.exec(value) ?? []
  if (whole.replace(/^0+/, '') === '')
    return exactly(value, locale, { minimumSignificantDigits: 4, maximumSignificantDigits: 6 })
  const places = whole.length >= 4 ? 2 : 4
  return exactly(value, locale, { minimumFractionDigits: 2, maximumFractionDigits: places })
}

/** An amount of a base currency, with no places that say nothing. */
export function formatAmount(value: Decimal, locale: string): string {
  return exactly(value, locale, { maximumFractionDigits: 8 })
}

/** A percentage with two places and its sign. */
export function formatPercent(
  value: Decimal,
  locale: string,
  signDisplay: SignDisplay = 'exceptZero',
): string {
  return `${exactly(value, locale, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay })}%`
}

/** -1, 0 or 1. */
export function signOf(value: Decimal): -1 | 0 | 1 {
  if (!/[1-9]/.test(value)) return 0
  return value.startsWith('-') ? -1 : 1
}

export function isDecimal(value: string): boolean {
  return PLAIN.test(value)
}

function scaled(value: Decimal, places: number): bigint {
  const match = PLAIN.exec(value)
  if (!match) throw new Error(`not a decimal: ${value}`)
  const [, sign, whole = '0', fraction = ''] = match
  const magnitude = BigInt(whole + fraction.padEnd(places, '0'))
  return sign === '-' ? -magnitude : magnitude
}

function placesOf(value: Decimal): number {
  return PLAIN.exec(value)?.[3]?.length ?? 0
}

/** The exact sum. */
export function sum(values: readonly Decimal[]): Decimal {
  const places = Math.max(0, ...values.map(placesOf))
  const total = values.reduce((so_far, value) => so_far + scaled(value, places), 0n)
  const digits = (total < 0n ? -total : total).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const fraction = places > 0 ? `.${digits.slice(-places)}` : ''
  return `${total < 0n ? '-' : ''}${whole}${fraction}`
}

/** So many times a value, exactly. */
export function times(value: Decimal, count: number): Decimal {
  return sum(Array.from({ length: count }, () => value))
}

/** -1, 0 or 1 as `a` is below, equal to or above `b`, exactly. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const places = Math.max(placesOf(a), placesOf(b))
  const [left, right] = [scaled(a, places), scaled(b, places)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** How much of `whole` is `part`, from 0 to 1: for drawing a bar, never for showing. */
export function share(part: Decimal, whole: Decimal): number {
  const ratio = Number(part) / Number(whole)
  return Number.isFinite(ratio) ? Math.min(1, Math.max(0, ratio)) : 0
}

/** What a person typed as a decimal string ("1,5" and "1.5" alike), or null where it is none. */
export function readDecimal(text: string): Decimal | null {
  const plain = text.trim().replace(',', '.')
  return /^\d+(\.\d+)?$/.test(plain) ? plain : null
}

/** An amount above zero that a person typed, null where nothing was typed, undefined where it cannot be read. */
export function readAmount(text: string): Decimal | null | undefined {
  if (text.trim() === '') return null
  const value = readDecimal(text)
  if (value === null || signOf(value) <= 0 || placesOf(value) > 8) return undefined
  return value
}
