import createClient, { type FetchResponse } from 'openapi-fetch'

import { noteServerTime } from '@/lib/clock'
import { i18n } from '@/lib/i18n'

import { Failure } from './failure'
import type { paths } from './schema'

/** The API, typed by its own schema. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
  fetch: (request) => fetch(request),
})

api.use({
  onRequest({ request }) {
    request.headers.set('accept-language', i18n.language)
    return request
  },
  onResponse({ response }) {
    noteServerTime(response.headers.get('date'))
  },
})

/** The content of an answer. Rejects with a `Failure` for any answer that is not a success. */
export async function answer<
  T extends Record<string | number, unknown>,
  Options,
  Media extends `${string}/${string}`,
>(asked: Promise<FetchResponse<T, Options, Media>>) {
  const { data, error, response } = await asked
  if (!response.ok) throw new Failure(response.status, error)
  return data as NonNullable<typeof data>
}
