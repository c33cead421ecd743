import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { draw } from '@/testing/draw'
import { sampleProposal, sampleTrade } from '@/testing/samples'

import type { Part, Run } from './events'
import { MessageList } from './message-list'

const AT = '2026-03-01T12:00:00Z'
const refusal = {
  kind: 'refusal',
  audit_id: 7,
  action: 'create_bot',
  at: AT,
  rule: 'live_disabled',
  numbers: {},
}

const cardPart = (id: string, card: unknown): Part => ({ type: 'card', id, card, at: AT })
const toolPart = (name: string): Part => ({ type: 'tool', id: name, name, state: 'done' })
const run = (id: string, parts: Part[], said: Run['said'] = null): Run => ({
  id,
  at: AT,
  said,
  parts,
  state: 'finished',
})

const show = (runs: Run[]) =>
  draw(
    <MessageList
      conversationId="c1"
      thread={{ seq: 1, runs }}
      empty={null}
      onSay={() => undefined}
    />,
  )

test('notices that follow one another stand under one heading', async () => {
  const trade = { kind: 'trade', stake_currency: 'USDT', trade: sampleTrade() }
  await show(['a', 'b', 'c'].map((id) => run(id, [cardPart(id, trade)])))
  expect(await screen.findAllByTestId('card-trade')).toHaveLength(3)
  expect(screen.getAllByText('Notice')).toHaveLength(1)
})

test('a step is not said again, nor as done, where its card says what became of it', async () => {
  const parts = [toolPart('list_bots'), toolPart('create_bot'), cardPart('k', refusal)]
  await show([run('a', parts, { text: 'a real bot', door: 'web' })])
  expect(await screen.findByTestId('card-refusal')).toBeVisible()
  expect(screen.getAllByTestId('tool-line').map((line) => line.dataset.tool)).toEqual(['list_bots'])
})

test('a step that waits for a word is told by its proposal', async () => {
  const proposal = { kind: 'proposal', proposal: sampleProposal() }
  const parts = [toolPart('force_entry'), cardPart('proposal-x', proposal)]
  await show([run('a', parts, { text: 'buy', door: 'web' })])
  expect(await screen.findByTestId('card-proposal')).toBeVisible()
  expect(screen.queryByTestId('tool-line')).toBeNull()
})
