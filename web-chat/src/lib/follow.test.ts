import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { type Connection, follow } from './follow'

class Source {
  static readonly CLOSED = 2
  static readonly all: Source[] = []
  readonly listeners = new Map<string, (event: { data: string; lastEventId: string }) => void>()
  readyState = 0
  onopen: () => void = () => undefined
  onerror: () => void = () => undefined

  readonly url: string

  constructor(url: string) {
    this.url = url
    Source.all.push(this)
  }
  addEventListener(name: string, listener: (event: { data: string; lastEventId: string }) => void) {
    this.listeners.set(name, listener)
  }
  close() {
    this.readyState = Source.CLOSED
  }
}

const newest = () => {
  const source = Source.all.at(-1)
  if (!source) throw new Error('nothing was opened')
  return source
}

function hide(hidden: boolean) {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden)
  document.dispatchEvent(new Event('visibilitychange'))
}

const connections: Connection[] = []
const read: unknown[] = []
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Source)
  for (const list of [Source.all, connections, read]) list.length = 0
  stop = follow('/api/events', {
    on: { bot: (data) => read.push(data) },
    onConnection: (connection) => connections.push(connection),
  })
})

afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('hands on what it reads, as JSON, by name', () => {
  newest().onopen()
  newest().listeners.get('bot')?.({ data: '{"id":1}', lastEventId: '7' })
  expect(read).toEqual([{ id: 1 }])
  expect(connections).toEqual(['connecting', 'open'])
})

test('leaves a dropped connection to the browser, which takes it up again', () => {
  newest().onerror()
  vi.advanceTimersByTime(60_000)
  expect(Source.all).toHaveLength(1)
  expect(connections.at(-1)).toBe('lost')
})

test('opens anew after the last event that had a number', () => {
  newest().listeners.get('bot')?.({ data: '{"id":1}', lastEventId: '7' })
  newest().listeners.get('bot')?.({ data: '{"id":2}', lastEventId: '' })
  newest().close()
  newest().onerror()
  vi.advanceTimersByTime(1_000)
  expect(Source.all.map((source) => source.url)).toEqual(['/api/events', '/api/events?after=7'])
})

test('opens anew after an answer that is no stream, with a growing wait', () => {
  for (const wait of [1_000, 2_000, 4_000]) {
    const before = Source.all.length
    newest().readyState = Source.CLOSED
    newest().onerror()
    vi.advanceTimersByTime(wait - 1)
    expect(Source.all).toHaveLength(before)
    vi.advanceTimersByTime(1)
    expect(Source.all).toHaveLength(before + 1)
  }
})

test('a page that stays hidden lets go, and takes up again when it is looked at', () => {
  const first = newest()
  hide(true)
  vi.advanceTimersByTime(30_000)
  hide(false)
  expect(Source.all).toHaveLength(1)
  hide(true)
  vi.advanceTimersByTime(60_000)
  expect(first.readyState).toBe(Source.CLOSED)
  hide(false)
  expect(Source.all).toHaveLength(2)
})

test('opens nothing more once it is stopped', () => {
  newest().readyState = Source.CLOSED
  newest().onerror()
  stop()
  hide(false)
  vi.advanceTimersByTime(60_000)
  expect(Source.all).toHaveLength(1)
})
