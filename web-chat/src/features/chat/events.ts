import type { UIMessageChunk } from 'ai'

/** What a person said, through whatever door. */
export interface UserChunk {
  type: 'data-user'
  id: string
  data: { text: string; door: string }
}

/** A card: drawn where it first came, and again in the same place when it comes again. */
export interface CardChunk {
  type: 'data-card'
  id: string
  data: unknown
}

/** AI SDK UI message chunks, with our two kinds of data. */
export type Chunk = UserChunk | CardChunk | Exclude<UIMessageChunk, { type: `data-${string}` }>

export interface ChatEvent {
  seq: number
  run_id: string
  at: string
  chunk: Chunk
}

export type ToolState = 'running' | 'done' | 'failed'

export type Part =
  | { type: 'text'; id: string; text: string; done: boolean }
  | { type: 'tool'; id: string; name: string; state: ToolState }
  | { type: 'card'; id: string; card: unknown; at: string }
  | { type: 'error'; id: string; text: string }

export type RunState = 'running' | 'finished' | 'aborted' | 'failed'

/** One turn: what was said, if anybody said something, and what came back. */
export interface Run {
  id: string
  at: string
  said: { text: string; door: string } | null
  parts: readonly Part[]
  state: RunState
}

/** A conversation as far as its events were read, runs in the order in which they began. */
export interface Thread {
  seq: number
  runs: readonly Run[]
}

export const EMPTY_THREAD: Thread = { seq: 0, runs: [] }
