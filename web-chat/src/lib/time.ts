const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString()
}

/** The hour today, the day and hour otherwise, in the reader's time zone. */
export function formatTime(at: string, locale: string, now: Date = new Date()): string {
  const time = new Date(at)
  if (sameDay(time, now)) return new Intl.DateTimeFormat(locale, CLOCK).format(time)
  return new Intl.DateTimeFormat(locale, {
    day: '2-digit',
    month: 'short',
    ...CLOCK,
  }).format(time)
}

/** Date and time to the second, with the zone: for titles and the audit trail. */
export function formatExact(at: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'long',
    hourCycle: 'h23',
  }).format(new Date(at))
}

const AGO = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1_000 },
] as const

/** How long ago, in the largest unit that fits: "2 min. ago"; what has just been, or is yet to come, is now. */
export function formatAgo(at: string, now: number, locale: string): string {
  const passed = Math.max(0, now - Date.parse(at))
  const { unit, ms } = AGO.find((candidate) => passed >= candidate.ms) ?? AGO[3]
  const said = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  // -0 would be "0 seconds ago".
  return said.format(Math.floor(passed / ms) * -1 || 0, unit)
}
