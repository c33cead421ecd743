import type { TFunction } from 'i18next'

import { sayKey } from '@/lib/names'

/** An answer of the API that is not a success: its kind, and the rule and numbers of a refusal. */
export class Failure extends Error {
  readonly kind: string
  readonly status: number
  readonly rule: string | null
  readonly numbers: Readonly<Record<string, string>>

  constructor(status: number, body: unknown) {
    const read = readBody(body)
    super(read.detail)
    this.name = 'Failure'
    this.status = status
    this.kind = read.kind
    this.rule = read.rule
    this.numbers = read.numbers
  }
}

function readBody(body: unknown) {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : null)
  const numbers = fields.numbers
  return {
    kind: text('error') ?? 'unreadable',
    detail: text('detail') ?? '',
    rule: text('rule'),
    numbers: (typeof numbers === 'object' && numbers !== null ? numbers : {}) as Record<
      string,
      string
    >,
  }
}

/** What went wrong, in the reader's words: by its rule or kind where there are words for it. */
export function sayFailure(error: unknown, t: TFunction, locale: string): string {
  if (!(error instanceof Failure)) return t('error.network')
  const key = error.rule ? `refusal.${error.rule}` : `problem.${error.kind}`
  const said = sayKey([key], error.numbers, t, locale, '')
  // A sentence whose blanks could not be filled is worse than the server's own.
  if (said && !/\[\w+\]/.test(said)) return said
  return error.message || t('error.status', { status: String(error.status) })
}
