import { vi } from 'vitest'

interface Asked {
  method: string
  path: string
  body: unknown
}

/**
 * Stands for the server: answers by `METHOD /path` with what is given, a number and a body for another status than
 * 200. Returns what was asked of it that changes something.
 */
export function serve(answers: Readonly<Record<string, unknown>> = {}): Asked[] {
  const asked: Asked[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname } = new URL(request.url)
    const key = `${request.method} ${pathname}`
    const text = await request.text()
    if (request.method !== 'GET')
      asked.push({
        method: request.method,
        path: pathname,
        body: text ? (JSON.parse(text) as unknown) : null,
      })
    const found = answers[key]
    if (found === undefined)
      return Response.json({ error: 'not_found', detail: key }, { status: 404 })
    if (Array.isArray(found) && typeof found[0] === 'number')
      return Response.json(found[1], { status: found[0] })
    return Response.json(found)
  })
  return asked
}
