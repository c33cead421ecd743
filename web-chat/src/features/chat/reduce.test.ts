import { describe, expect, test } from 'vitest'

import serverEn from '@words/en.json'
import serverPt from '@words/pt-BR.json'

import { type ChatEvent, type Chunk, EMPTY_THREAD, type Part, type Thread } from './events'
import { isRunning, reduce, runningRun } from './reduce'

let seq = 0
const event = (run_id: string, chunk: Chunk): ChatEvent => ({
  seq: ++seq,
  run_id,
  at: '2026-03-01T12:00:00Z',
  chunk,
})

const said = (text: string): Chunk => ({ type: 'data-user', id: 'u', data: { text, door: 'web' } })
const card = (id: string, data: unknown): Chunk => ({ type: 'data-card', id, data })
const start: Chunk = { type: 'start', messageId: 'm' }
const finish: Chunk = { type: 'finish' }
const text = (id: string, ...deltas: string[]): Chunk[] => [
  { type: 'text-start', id },
  ...deltas.map((delta): Chunk => ({ type: 'text-delta', id, delta })),
  { type: 'text-end', id },
]

function read(events: readonly ChatEvent[], thread: Thread = EMPTY_THREAD): Thread {
  return events.reduce(reduce, thread)
}

const run = (id: string, ...chunks: Chunk[]) => chunks.map((chunk) => event(id, chunk))
const textsOf = (parts: readonly Part[]) =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))

describe('reduce', () => {
  test('a turn is what was said, the streamed text, tools and cards in their order', () => {
    const thread = read(
      run(
        'r1',
        said('show my bots'),
        start,
        { type: 'start-step' },
        { type: 'tool-input-start', toolCallId: 'c1', toolName: 'list_bots' },
        { type: 'tool-input-available', toolCallId: 'c1', toolName: 'list_bots', input: {} },
        { type: 'tool-output-available', toolCallId: 'c1', output: 'ok' },
        card('k1', { kind: 'bots', bots: [] }),
        ...text('t1', 'No ', 'bots ', 'yet.'),
        finish,
      ),
    )
    const [only] = thread.runs
    expect(only?.said).toEqual({ text: 'show my bots', door: 'web' })
    expect(only?.parts.map((part) => part.type)).toEqual(['tool', 'card', 'text'])
    expect(only?.parts[0]).toMatchObject({ name: 'list_bots', state: 'done' })
    expect(only?.parts[2]).toMatchObject({ text: 'No bots yet.', done: true })
    expect(only?.state).toBe('finished')
  })

  test('events that were read before change nothing, from wherever the stream is taken up', () => {
    const events = [
      ...run('r1', said('hello'), start, ...text('t1', 'Hi', '!'), finish),
      ...run('r2', said('again'), start, ...text('t1', 'Hi again'), finish),
    ]
    const whole = read(events)
    for (const from of [0, 3, events.length - 1])
      expect(read(events.slice(from), whole)).toBe(whole)
    const broken = read(events.slice(0, 4))
    expect(read(events, broken)).toEqual(whole)
  })

  test('two runs at once keep their own text, in the order in which they began', () => {
    const a = run('r1', said('a'), start, ...text('t', 'one ', 'two'), finish)
    const b = run('r2', said('b'), start, ...text('t', 'three ', 'four'), finish)
    const mixed = a.flatMap((one, at) => [one, b[at] ?? one])
    const thread = read(mixed.map((one, at) => ({ ...one, seq: 1000 + at })))
    expect(thread.runs.map(({ id }) => id)).toEqual(['r1', 'r2'])
    expect(thread.runs.map(({ parts }) => textsOf(parts))).toEqual([['one two'], ['three four']])
  })

  test('a card that comes again takes its old place, also after its run has finished', () => {
    const before = read(
      run('trade-1', start, card('trade-1', { open: true }), ...text('t', 'x'), finish),
    )
    const after = read(run('trade-1', card('trade-1', { open: false })), before)
    expect(after.runs[0]?.parts.map((part) => part.type)).toEqual(['card', 'text'])
    expect(after.runs[0]?.parts[0]).toMatchObject({ card: { open: false } })
    expect(after.runs[0]?.state).toBe('finished')
  })

  test('a run that no event touches stays the same object', () => {
    const before = read(run('r1', said('a'), start, ...text('t', 'x'), finish))
    const after = read(run('r2', said('b')), before)
    expect(after.runs[0]).toBe(before.runs[0])
  })

  test('text of a later step with an id that was used before is a part of its own', () => {
    const thread = read(run('r1', start, ...text('t', 'first'), ...text('t', 'second'), finish))
    expect(textsOf(thread.runs[0]?.parts ?? [])).toEqual(['first', 'second'])
  })

  test('a run is running until it finishes, is aborted or fails', () => {
    const ends: [Chunk, string][] = [
      [finish, 'finished'],
      [{ type: 'abort' }, 'aborted'],
      [{ type: 'error', errorText: 'no answer' }, 'failed'],
    ]
    for (const [end, state] of ends) {
      const before = read(run('r1', said('a'), start))
      expect(isRunning(before)).toBe(true)
      const after = read(run('r1', end, finish), before)
      expect(runningRun(after)).toBeUndefined()
      expect(after.runs[0]?.state).toBe(state)
    }
  })

  test('an error is shown where it happened', () => {
    const thread = read(
      run('r1', said('a'), ...text('t', 'x'), { type: 'error', errorText: 'no answer' }),
    )
    expect(thread.runs[0]?.parts.at(-1)).toMatchObject({ type: 'error', text: 'no answer' })
  })

  test("the owner's own stop is no error, in whatever language it was said", () => {
    for (const errorText of [serverEn['problem.cancelled'], serverPt['problem.cancelled']]) {
      const thread = read(run('r1', said('a'), ...text('t', 'x'), { type: 'error', errorText }))
      expect(thread.runs[0]).toMatchObject({ state: 'aborted', parts: [{ type: 'text' }] })
    }
  })

  test('chunks of unknown types and for unknown parts change nothing but the number', () => {
    const before = read(run('r1', start))
    const odd = [
      { type: 'something-new', id: 'x' } as unknown as Chunk,
      { type: 'text-delta', id: 'nowhere', delta: 'x' } as const,
      { type: 'tool-output-available', toolCallId: 'nowhere', output: 1 } as const,
    ]
    const after = read(run('r1', ...odd), before)
    expect(after.runs).toEqual(before.runs)
    expect(after.seq).toBe(before.seq + 3)
  })
})
