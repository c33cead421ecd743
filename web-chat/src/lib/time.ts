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
