import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'

import { ROOMS } from '@/app/layout/rooms'
import type { LiveView, ProposalView } from '@/lib/api/types'
import { i18n } from '@/lib/i18n'
import { closeOverlay, useOverlay } from '@/lib/overlay'
import { draw } from '@/testing/draw'
import {
  sampleBot,
  sampleCheck,
  sampleLimits,
  sampleLive,
  sampleProposal,
  sampleRealBot,
  sampleReconciliation,
} from '@/testing/samples'
import { serve } from '@/testing/server'

import { LivePage } from './live-page'

beforeEach(closeOverlay)

function Page() {
  const shown = useOverlay()
  return (
    <>
      <LivePage />
      <output data-testid="overlay">{shown && `${shown.overlay} ${shown.about ?? ''}`}</output>
    </>
  )
}

const ENABLING = sampleProposal({
  action: { kind: 'set_limits', changes: { live_enabled: true, max_trade: null } },
  action_kind: 'set_limits',
  why: 'loosening',
  bot_id: null,
  bot_name: null,
  effect: null,
})

/** Serves the page, and draws it. */
async function show(
  live: LiveView,
  {
    answers = {},
    proposals = [],
    venue = 'binance',
  }: { answers?: object; proposals?: ProposalView[]; venue?: string } = {},
) {
  const asked = serve({
    'GET /api/live': live,
    'GET /api/reconciliation': sampleReconciliation(),
    'GET /api/status': { venue: { name: venue }, stake_currency: 'USDT' },
    ...answers,
  })
  const bots = [sampleBot({ id: 'ffffffffffff' }), sampleRealBot()]
  await draw(<Page />, bots, [], { proposals })
  await screen.findByTestId('real-money')
  return asked
}

const step = (name: string) => screen.getByTestId(`step-${name}`)

test('the room is in the navigation', () => {
  expect(ROOMS.find(({ to }) => to === '/live')?.phoneOnly).toBeUndefined()
  expect(ROOMS.map(({ to }) => to)).toContain('/live')
})

describe('the key', () => {
  test('each step with its state, when it was looked at, and what the account has', async () => {
    await show(sampleLive())
    expect(screen.getByTestId('live-verdict')).toHaveTextContent('All that counts passes')
    expect(screen.getByTestId('live-looked')).toHaveTextContent(/Last looked at .*ago/)
    expect(step('withdraws')).toHaveTextContent('The key cannot withdraw moneyOK')
    expect(step('clock')).toHaveTextContent('12 ms apart.')
    expect(step('balance')).toHaveTextContent('1,234.50 USDT free.')
    const balances = screen.getByTestId('live-balances')
    expect(balances).toHaveTextContent('BTC0.004120.00')
    expect(balances).toHaveTextContent('USDT1,234.5050.00')
    expect(balances).not.toHaveTextContent('ETH')
  })

  test('what fails is said as it is, with what to do, in both languages', async () => {
    await show(
      sampleLive({
        passed: false,
        rule: 'key_can_withdraw',
        numbers: { can_withdraw: 'true' },
        check: sampleCheck({ can_withdraw: true, ip_restricted: false, clock_skew_ms: 2_500 }),
      }),
    )
    expect(screen.getByTestId('live-verdict')).toHaveTextContent('can withdraw money')
    expect(step('withdraws')).toHaveAttribute('data-state', 'fail')
    expect(step('withdraws')).toHaveTextContent('The key can withdraw money')
    expect(step('withdraws')).toHaveTextContent('Take that permission off at the exchange')
    expect(step('address')).toHaveTextContent('warning')
    expect(step('clock')).toHaveTextContent('2,500 ms apart, which is too much.')
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(step('withdraws')).toHaveTextContent('A chave pode sacar dinheiro')
    expect(step('withdraws')).toHaveTextContent('Tire essa permissão na corretora')
    expect(step('address')).toHaveTextContent('aviso')
    expect(step('clock')).toHaveTextContent('Diferença de 2.500 ms, que é demais.')
  })

  test.each<[string, Parameters<typeof sampleCheck>[0], string]>([
    ['answers', { answered: false }, 'wait a minute, and check again'],
    ['configured', { configured: false }, 'BINANCE_API_KEY'],
    ['works', { key_works: false, error_code: -2015 }, 'code: -2015'],
    ['trades', { can_trade: false }, 'Allow spot trading'],
    ['withdraws', { can_withdraw: null }, 'The exchange does not tell'],
    ['balance', { balances: {} }, 'no free USDT'],
  ])('%s: what to do where %j', async (name, changes, said) => {
    await show(sampleLive({ check: sampleCheck(changes) }))
    expect(step(name)).toHaveTextContent(said)
  })

  test('a look that is too old is said as such, and that it is taken again by itself', async () => {
    const numbers = { check_age_s: '619', max_s: '600' }
    await show(sampleLive({ passed: false, rule: 'stale_snapshot', numbers }))
    const verdict = screen.getByTestId('live-verdict')
    expect(verdict).toHaveTextContent('The last look is too old to rely on.')
    expect(verdict).toHaveTextContent('looked at again by itself before real money is turned on')
    expect(step('works')).toHaveAttribute('data-state', 'pass')
  })

  test('nobody has looked yet; a look shows what it found', async () => {
    const asked = await show(
      sampleLive({
        passed: false,
        rule: 'stale_snapshot',
        numbers: { check: 'none' },
        check: null,
      }),
      { answers: { 'POST /api/live/check': sampleLive() } },
    )
    expect(screen.getByTestId('live-verdict')).toHaveTextContent('Nobody has looked at the key')
    expect(step('works')).toHaveTextContent('not known')
    await userEvent.click(screen.getByRole('button', { name: 'Check now' }))
    await waitFor(() => expect(step('works')).toHaveAttribute('data-state', 'pass'))
    expect(screen.getByRole('button', { name: 'Check again' })).toBeEnabled()
    expect(asked.map(({ path }) => path)).toEqual(['/api/live/check'])
  })
})

describe('the switch', () => {
  test('turning it on sends the limit, and opens the proposal that comes of it', async () => {
    const asked = await show(sampleLive(), {
      answers: { 'PUT /api/limits': [202, { kind: 'proposal', proposal: ENABLING }] },
    })
    const panel = screen.getByTestId('real-money')
    expect(panel).toHaveAttribute('data-enabled', 'false')
    expect(panel).toHaveTextContent('Real money is off')
    await userEvent.click(screen.getByTestId('live-enable'))
    await waitFor(() =>
      expect(screen.getByTestId('overlay')).toHaveTextContent(`proposal ${ENABLING.id}`),
    )
    expect(asked).toEqual([{ method: 'PUT', path: '/api/limits', body: { live_enabled: true } }])
    expect(within(panel).getByTestId('waiting-loosenings')).toHaveTextContent('Expires in')
    expect(screen.queryByTestId('live-enable')).toBeNull()
  })

  test('once confirmed it shows the wait, and takes it back', async () => {
    const waiting = {
      ...ENABLING,
      status: 'waiting' as const,
      effective_at: new Date(Date.now() + 500_000).toISOString(),
    }
    const asked = await show(sampleLive(), {
      proposals: [waiting, sampleProposal({ id: 'other', why: 'loosening', status: 'waiting' })],
      answers: {
        [`POST /api/proposals/${ENABLING.id}/deny`]: {
          kind: 'proposal',
          proposal: { ...waiting, status: 'denied' },
        },
        'GET /api/proposals': [{ ...waiting, status: 'denied' }],
      },
    })
    const list = screen.getByTestId('waiting-loosenings')
    expect(within(list).getAllByRole('listitem')).toHaveLength(1)
    expect(list).toHaveTextContent(/Takes effect in 8:/)
    await userEvent.click(screen.getByTestId('take-back'))
    await waitFor(() => expect(screen.queryByTestId('waiting-loosenings')).toBeNull())
    expect(asked.at(-1)?.path).toBe(`/api/proposals/${ENABLING.id}/deny`)
    expect(screen.getByTestId('live-enable')).toBeVisible()
  })

  test('where the key does not pass, the refusal stands beside the button', async () => {
    await show(sampleLive(), {
      answers: {
        'PUT /api/limits': [403, { error: 'refused', rule: 'no_exchange_key', numbers: {} }],
      },
    })
    await userEvent.click(screen.getByTestId('live-enable'))
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no exchange key.')
  })

  test('turning it off asks back once, and holds at once', async () => {
    const asked = await show(sampleLive({ enabled: true }), {
      answers: {
        'PUT /api/limits': {
          kind: 'receipt',
          audit_id: 4,
          action: 'set_limits',
          at: '2026-03-01T12:00:00Z',
          limits: sampleLimits(),
        },
      },
    })
    const panel = screen.getByTestId('real-money')
    expect(panel).toHaveTextContent('Real money is on')
    await waitFor(() => expect(panel).toHaveTextContent('Venue: Binance.'))
    await userEvent.click(screen.getByTestId('live-disable'))
    expect(asked).toEqual([])
    expect(screen.getByTestId('live-disable-dialog')).toHaveTextContent('It holds at once')
    await userEvent.click(screen.getByTestId('confirm-live-disable'))
    await waitFor(() =>
      expect(asked).toEqual([
        { method: 'PUT', path: '/api/limits', body: { live_enabled: false } },
      ]),
    )
  })

  test.each([
    ['demo', 'On the demo exchange even this money is made up'],
    ['binance-testnet', 'On the Binance testnet even this money is made up'],
  ])('on %s it says that nothing is at stake', async (venue, said) => {
    await show(sampleLive({ enabled: true }), { venue })
    expect(await screen.findByTestId('pretend-money')).toHaveTextContent(said)
  })

  test('on Binance it does not', async () => {
    await show(sampleLive({ enabled: true }))
    await screen.findByText(/Venue: Binance/)
    expect(screen.queryByTestId('pretend-money')).toBeNull()
  })

  test('in Portuguese', async () => {
    await show(sampleLive({ enabled: true }))
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(screen.getByTestId('real-money')).toHaveTextContent('O dinheiro real está ligado')
    expect(screen.getByTestId('live-disable')).toHaveTextContent('Desligar o dinheiro real')
  })
})

test('of the bots only those with real money are there', async () => {
  await show(sampleLive())
  const bots = screen.getByTestId('live-bots')
  expect(within(bots).getAllByTestId('bot-row')).toHaveLength(1)
  expect(bots).toHaveTextContent('Bots with real money (1)')
  expect(bots).toHaveTextContent('Confirmed since')
})
