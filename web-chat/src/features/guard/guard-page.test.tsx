import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'

import type { AuditEntry } from '@/lib/api/types'
import { closeOverlay, useOverlay } from '@/lib/overlay'
import { draw } from '@/testing/draw'
import {
  sampleBot,
  sampleGuard,
  samplePanic,
  sampleProposal,
  sampleRefusedOrder,
} from '@/testing/samples'
import { serve } from '@/testing/server'

import { GuardPage } from './guard-page'

beforeEach(closeOverlay)

const HELD = sampleBot({
  state: 'PAUSED',
  hold: {
    rule: 'loss_streak',
    numbers: { losses: '12', max: '12' },
    at: '2026-03-01T12:00:00Z',
  },
})
const line: AuditEntry = {
  id: 7,
  submission: 's7',
  at: '2026-03-01T12:00:00Z',
  phase: 'done',
  action_kind: 'pause_bot',
  risk: 'simulated',
  action: { kind: 'pause_bot', bot_id: HELD.id },
  actor: { door: 'guard', agent: false },
  door: 'guard',
  verdict: 'allow',
  rule: null,
  numbers: {},
  receipt: null,
  seal: 'f00d',
}

function Page() {
  const shown = useOverlay()
  return (
    <>
      <GuardPage />
      <output>{shown && `${shown.overlay} ${shown.about ?? ''}`}</output>
    </>
  )
}

test('bots that the guard paused are there with the reason; resuming asks for a word', async () => {
  const proposal = sampleProposal({ why: 'breaker' })
  const asked = serve({
    'GET /api/audit': [line],
    [`POST /api/bots/${HELD.id}/resume`]: [202, { kind: 'proposal', proposal }],
  })
  await draw(<Page />, [HELD])
  const held = await screen.findByTestId('held-bots')
  expect(held).toHaveTextContent('Paused by the guard for losses in a row (12; the limit is 12)')
  await userEvent.click(within(held).getByTestId('hold-resume'))
  await waitFor(() => expect(screen.getByText('proposal abcdef012345')).toBeInTheDocument())
  expect(asked).toHaveLength(1)
})

test('the panic stop, what waits and refused orders each have their place', async () => {
  serve({ 'GET /api/audit': [] })
  await draw(<Page />, [], [], {
    guard: sampleGuard({ panic: samplePanic(), refused_orders: [sampleRefusedOrder()] }),
    proposals: [sampleProposal()],
  })
  expect(await screen.findByTestId('panic-panel')).toHaveAttribute('data-on', 'true')
  expect(screen.getByTestId('card-proposal')).toBeVisible()
  const orders = screen.getByTestId('refused-orders')
  expect(orders).toHaveTextContent('120.00 USDT')
  expect(orders).toHaveTextContent('BTC/USDT is on the list of blocked pairs.')
  expect(screen.getByText('The guard has paused no bot.')).toBeVisible()
})

test('the trail is narrowed by the server, and older lines come when they are asked for', async () => {
  const page = Array.from({ length: 200 }, (_, index) => ({
    ...line,
    id: 900 - index,
    submission: `s${index}`,
  }))
  const queries: string[] = []
  serve({ 'GET /api/audit': page })
  const plain = globalThis.fetch
  globalThis.fetch = (request: RequestInfo | URL) => {
    const { pathname, search } = new URL((request as Request).url)
    if (pathname === '/api/audit') queries.push(search)
    return plain(request)
  }
  await draw(<Page />, [HELD])
  await userEvent.selectOptions(await screen.findByTestId('audit-kind'), 'pause_bot')
  await userEvent.selectOptions(screen.getByTestId('audit-bot'), 'Dip buyer')
  await userEvent.click(await screen.findByRole('button', { name: 'Older lines' }))
  await waitFor(() => expect(queries.at(-1)).toContain('before=701'))
  expect(queries.at(-1)).toContain('kind=pause_bot')
  expect(queries.at(-1)).toContain(`bot_id=${HELD.id}`)
})

test('verifying tells how many lines were checked', async () => {
  serve({
    'GET /api/audit': [line],
    'GET /api/audit/verify': { ok: true, lines: 1234, broken: [] },
  })
  await draw(<Page />)
  await userEvent.click(await screen.findByTestId('audit-verify'))
  expect(await screen.findByTestId('audit-verified')).toHaveTextContent('1,234 lines checked')
  expect(screen.getByTestId('audit-export')).toHaveAttribute('href', '/api/audit/export')
})

test('verifying names the lines that are not what was written', async () => {
  const broken = [
    { id: 57, what: 'edited' },
    { id: 61, what: 'cut' },
  ]
  serve({
    'GET /api/audit': [line],
    'GET /api/audit/verify': { ok: false, lines: 60, broken },
  })
  await draw(<Page />)
  await userEvent.click(await screen.findByTestId('audit-verify'))
  const told = await screen.findByRole('alert')
  expect(told).toHaveTextContent('Line 57 was edited.')
  expect(told).toHaveTextContent('Line 61 and all after it are missing.')
})
