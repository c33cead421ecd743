import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'

import { draw } from '@/testing/draw'

import { ChatPage } from './chat-page'
import type { Chunk } from './events'

class Stream {
  static readonly all: Stream[] = []
  readonly listeners = new Map<string, (event: { data: string }) => void>()
  readonly url: string

  constructor(url: string) {
    this.url = url
    Stream.all.push(this)
  }
  addEventListener(name: string, listener: (event: { data: string }) => void) {
    this.listeners.set(name, listener)
  }
  close() {
    return undefined
  }
}

let refuse = false
let seq = 0

function answer({ url, method }: Request): Response {
  if (method === 'GET') return Response.json([])
  if (url.endsWith('/messages') && refuse)
    return Response.json(
      { error: 'too_many_requests', detail: '…', numbers: { wait_s: '12' } },
      { status: 429 },
    )
  if (url.endsWith('/messages')) return Response.json({ run_id: 'r1' }, { status: 202 })
  return Response.json({ id: 'c1', title: '', updated_at: '2026-03-01T12:00:00Z' })
}

async function stream(...chunks: Chunk[]) {
  await act(async () => {
    for (const chunk of chunks)
      Stream.all.at(-1)?.listeners.get('message')?.({
        data: JSON.stringify({ seq: ++seq, run_id: 'r1', at: '2026-03-01T12:00:00Z', chunk }),
      })
    await new Promise((resolve) => requestAnimationFrame(resolve))
  })
}

beforeEach(() => {
  refuse = false
  Stream.all.length = 0
  vi.stubGlobal('EventSource', Stream)
  vi.stubGlobal('fetch', (request: Request) => Promise.resolve(answer(request)))
})

test('says, streams the answer, can be stopped, and ends', async () => {
  await draw(<ChatPage />)
  await userEvent.type(await screen.findByTestId('composer-input'), 'hello{Enter}')
  await waitFor(() => expect(Stream.all.at(-1)?.url).toBe('/api/conversations/c1/events'))
  expect(screen.getByTestId('composer-input')).toHaveValue('')

  await stream(
    { type: 'data-user', id: 'u', data: { text: 'hello', door: 'web' } },
    { type: 'start', messageId: 'm' },
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: 'Hi **there' },
  )
  expect(screen.getByTestId('message-user')).toHaveTextContent('hello')
  expect(await screen.findByText('there')).toBeVisible()
  expect(screen.getByTestId('stop-button')).toBeVisible()

  await stream({ type: 'text-end', id: 't' }, { type: 'finish' })
  expect(screen.getByTestId('message-assistant')).toHaveAttribute('data-state', 'finished')
  expect(screen.getByTestId('send-button')).toBeVisible()
})

test('a message that cannot be sent stays in the box, with the reason', async () => {
  refuse = true
  await draw(<ChatPage />)
  await userEvent.type(await screen.findByTestId('composer-input'), 'stop all bots{Enter}')
  expect(await screen.findByText('Too many requests. Try again in 12 s.')).toBeVisible()
  expect(screen.getByTestId('composer-input')).toHaveValue('stop all bots')
})

test('a page without a conversation teaches what to say', async () => {
  await draw(<ChatPage />)
  expect(await screen.findByTestId('first-create')).toHaveTextContent(
    'create a simulated bot trading BTC/USDT and ETH/USDT with 50 USDT per trade and start it',
  )
})
