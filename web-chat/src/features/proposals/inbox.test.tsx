import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { Awaiting } from '@/app/layout/awaiting'
import { draw } from '@/testing/draw'
import { sampleBot, sampleProposal } from '@/testing/samples'
import { serve } from '@/testing/server'

import { keepProposal } from './api'
import { Inbox } from './inbox'
import { ProposalDialog } from './proposal-dialog'

const proposals = [
  sampleProposal({ id: 'a' }),
  sampleProposal({ id: 'b', status: 'waiting', effective_at: sampleProposal().expires_at }),
  sampleProposal({ id: 'c', status: 'done' }),
]

test('the inbox holds what is open, and the badge counts the same', async () => {
  const page = (
    <>
      <Inbox />
      <Awaiting />
    </>
  )
  await draw(page, [sampleBot()], [], { proposals })
  expect(await screen.findAllByTestId('card-proposal')).toHaveLength(2)
  expect(screen.getByRole('heading')).toHaveTextContent('Waiting for you (2)')
  expect(screen.getByTestId('awaiting')).toHaveTextContent('2, waiting for you: 2')
})

test('where nothing waits it says so, or is not there', async () => {
  const first = await draw(<Inbox />)
  expect(await screen.findByText('Nothing waits for your word.')).toBeVisible()
  first.unmount()
  await draw(<Inbox quiet />)
  expect(screen.queryByTestId('inbox')).toBeNull()
})

test('what was decided stays for a while, so that what came of it can be read', async () => {
  const decided = { status: 'denied', decided_by: 'web' } as const
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString()
  const proposals = [
    sampleProposal({ id: 'older', created_at: ago(90) }),
    sampleProposal({ ...decided, id: 'now', decided_at: ago(5) }),
    sampleProposal({ ...decided, id: 'before', decided_at: ago(60) }),
    sampleProposal({ id: 'expired', status: 'expired' }),
  ]
  await draw(<Inbox quiet />, [sampleBot()], [], { proposals })
  const cards = await screen.findAllByTestId('card-proposal')
  expect(cards.map((card) => card.dataset.status)).toEqual(['pending', 'denied'])
  expect(screen.getByText('You said no. Nothing was changed.')).toBeVisible()
  expect(screen.getByRole('heading')).toHaveTextContent('Waiting for you (1)')
})

test('what was decided takes no place of what is open, whose order is by what it asks of a person', async () => {
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString()
  const done = (id: string) =>
    sampleProposal({
      id,
      status: 'done',
      created_at: ago(1),
      decided_by: 'web',
      decided_at: ago(1),
    })
  const at = sampleProposal().expires_at
  const proposals = [
    ...['x', 'y', 'z'].map(done),
    sampleProposal({ id: 'e', status: 'executing', created_at: ago(10) }),
    sampleProposal({ id: 'w', status: 'waiting', effective_at: at, created_at: ago(20) }),
    sampleProposal({ id: 'p', created_at: ago(80) }),
    sampleProposal({ id: 'q', created_at: ago(90) }),
  ]
  await draw(<Inbox quiet />, [sampleBot()], [], { proposals })
  const cards = await screen.findAllByTestId('card-proposal')
  expect(cards.map((card) => card.dataset.status)).toEqual([
    'pending',
    'pending',
    'waiting',
    'executing',
    'done',
    'done',
    'done',
  ])
  expect(screen.getByRole('heading')).toHaveTextContent('Waiting for you (4)')
  expect(screen.queryByRole('button', { name: /Show all/ })).toBeNull()
})

test('a card that is decided moves down as the same card', async () => {
  const first = sampleProposal({ id: 'first' })
  const proposals = [first, sampleProposal({ id: 'second', created_at: '2026-03-01T12:00:00Z' })]
  const { client } = await draw(<Inbox />, [sampleBot()], [], { proposals })
  const [card] = await screen.findAllByTestId('card-proposal')
  const decided_at = new Date().toISOString()
  act(() => keepProposal(client, { ...first, status: 'denied', decided_by: 'web', decided_at }))
  await waitFor(() => expect(screen.getAllByTestId('card-proposal')[1]).toBe(card))
  expect(card).toHaveAttribute('data-status', 'denied')
})

test('many are not shown all at once', async () => {
  const many = Array.from({ length: 7 }, (_, index) => sampleProposal({ id: String(index) }))
  await draw(<Inbox />, [sampleBot()], [], { proposals: many })
  expect(await screen.findAllByTestId('card-proposal')).toHaveLength(4)
  await userEvent.click(screen.getByRole('button', { name: 'Show all 7' }))
  expect(screen.getAllByTestId('card-proposal')).toHaveLength(7)
})

test('a proposal that is opened is asked for where it is not known', async () => {
  serve({ 'GET /api/proposals/old': sampleProposal({ id: 'old', status: 'expired' }) })
  await draw(<ProposalDialog id="old" onOpenChange={() => undefined} />)
  expect(await screen.findByTestId('card-proposal')).toHaveAttribute('data-status', 'expired')
})

test('one that does not exist is said to be unknown', async () => {
  serve()
  await draw(<ProposalDialog id="none" onOpenChange={() => undefined} />)
  expect(await screen.findByText('This proposal is not known here.')).toBeVisible()
})
