import { isSaying } from '@/lib/i18n'

import type { CardChunk, ChatEvent, Part, Run, Thread, ToolState } from './events'

/**
 * The thread after one more event. An event that was read before changes nothing, so a stream may be read again from
 * any place; runs that no event touches stay the very same objects.
 */
export function reduce(thread: Thread, event: ChatEvent): Thread {
  if (event.seq <= thread.seq) return thread
  const at = thread.runs.findLastIndex((run) => run.id === event.run_id)
  const before = thread.runs[at] ?? begin(event)
  const after = applied(before, event)
  const runs =
    at < 0
      ? [...thread.runs, after]
      : after === before
        ? thread.runs
        : thread.runs.map((run, index) => (index === at ? after : run))
  return { seq: event.seq, runs }
}

export function isRunning(thread: Thread): boolean {
  return runningRun(thread) !== undefined
}

export function runningRun(thread: Thread): Run | undefined {
  return thread.runs.findLast((run) => run.state === 'running')
}

function begin({ run_id, at }: ChatEvent): Run {
  return { id: run_id, at, said: null, parts: [], state: 'running' }
}

function applied(run: Run, event: ChatEvent): Run {
  const { chunk, at } = event
  switch (chunk.type) {
    case 'data-user':
      return { ...run, said: chunk.data }
    case 'data-card':
      return withCard(run, chunk, at)
    case 'text-start':
      return add(run, { type: 'text', id: chunk.id, text: '', done: false })
    case 'text-delta':
      return changeText(run, chunk.id, (part) => ({ ...part, text: part.text + chunk.delta }))
    case 'text-end':
      return changeText(run, chunk.id, (part) => ({ ...part, done: true }))
    case 'tool-input-start':
    case 'tool-input-available':
      return withTool(run, chunk.toolCallId, 'running', chunk.toolName)
    case 'tool-output-available':
      return withTool(run, chunk.toolCallId, 'done')
    case 'tool-input-error':
    case 'tool-output-error':
      return withTool(run, chunk.toolCallId, 'failed')
    case 'error':
      // The owner's own stop comes as an error too; it is none.
      if (isSaying('problem.cancelled', chunk.errorText)) return { ...run, state: 'aborted' }
      return {
        ...add(run, { type: 'error', id: `error-${event.seq}`, text: chunk.errorText }),
        state: 'failed',
      }
    case 'abort':
      return { ...run, state: 'aborted' }
    case 'finish':
      return run.state === 'running' ? { ...run, state: 'finished' } : run
    default:
      return run
  }
}

function add(run: Run, part: Part): Run {
  return { ...run, parts: [...run.parts, part] }
}

function replace(run: Run, at: number, part: Part): Run {
  return { ...run, parts: run.parts.map((old, index) => (index === at ? part : old)) }
}

type TextPart = Extract<Part, { type: 'text' }>

/** Text goes to the newest part of its id: a later step may begin another one with the same id. */
function changeText(run: Run, id: string, change: (part: TextPart) => TextPart): Run {
  const at = run.parts.findLastIndex((part) => part.type === 'text' && part.id === id)
  const part = run.parts[at]
  return part?.type === 'text' ? replace(run, at, change(part)) : run
}

function withTool(run: Run, id: string, state: ToolState, name?: string): Run {
  const at = run.parts.findLastIndex((part) => part.type === 'tool' && part.id === id)
  const part = run.parts[at]
  if (part?.type === 'tool') return replace(run, at, { ...part, state, name: name ?? part.name })
  return name === undefined ? run : add(run, { type: 'tool', id, name, state })
}

function withCard(run: Run, { id, data }: CardChunk, at: string): Run {
  const index = run.parts.findIndex((part) => part.type === 'card' && part.id === id)
  const old = run.parts[index]
  if (old?.type === 'card') return replace(run, index, { ...old, card: data })
  return add(run, { type: 'card', id, card: data, at })
}
