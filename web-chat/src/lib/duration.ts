const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const

function formatUnit(value: number, unit: string, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: 3,
  }).format(value)
}

/** What is left as a clock shows it: "9:41", "1:02:03"; never below zero. */
export function formatLeft(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000))
  const [hours, minutes, seconds] = [
    Math.floor(total / 3_600),
    Math.floor(total / 60) % 60,
    total % 60,
  ]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

/** A span in the largest unit that tells it without a fraction: "10 min", "90 sec". */
export function formatSpan(seconds: number, locale: string): string {
  const fit = UNITS.find((candidate) => seconds > 0 && seconds % candidate.seconds === 0)
  return fit
    ? formatUnit(seconds / fit.seconds, fit.unit, locale)
    : formatUnit(seconds, 'second', locale)
}
