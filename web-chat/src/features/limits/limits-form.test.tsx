import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'

import { closeOverlay, useOverlay } from '@/lib/overlay'
import { draw } from '@/testing/draw'
import { sampleBot, sampleLimits, samplePreview, sampleProposal } from '@/testing/samples'
import { serve } from '@/testing/server'

import { LimitsBars } from './limits-bars'
import { LimitsDialog } from './limits-dialog'
import { WaitingLoosenings } from './waiting'

beforeEach(closeOverlay)

const BOT = sampleBot()
const receipt = {
  kind: 'receipt',
  audit_id: 3,
  action: 'set_limits',
  at: BOT.created_at,
  limits: sampleLimits(),
}

function Opened() {
  const shown = useOverlay()
  return <output>{shown && `${shown.overlay} ${shown.about ?? ''}`}</output>
}

const show = (botId: string | null = null, limits = sampleLimits()) =>
  draw(
    <>
      <LimitsDialog open botId={botId} onOpenChange={() => undefined} />
      <Opened />
    </>,
    [BOT],
    [],
    { limits },
  )

async function write(field: string, text: string) {
  const box = await screen.findByTestId(`limit-${field}`)
  await userEvent.clear(box)
  if (text) await userEvent.type(box, text)
}

describe('the limits of all', () => {
  test('every limit of the schema can be written', async () => {
    await show()
    await screen.findByTestId('limits-dialog')
    const fields = Object.keys(sampleLimits().limits).filter((field) => field !== 'bots')
    for (const field of fields) expect(screen.getByTestId(`limit-${field}`)).toBeInTheDocument()
  })

  test('what is tighter is saved at once, without a preview', async () => {
    const asked = serve({ 'PUT /api/limits': receipt })
    await show()
    await write('max_daily_loss', '50')
    expect(screen.getByTestId('limits-summary')).toHaveTextContent('Tighter: holds at once')
    expect(screen.getByTestId('limits-save')).toHaveTextContent('Save limits')
    await userEvent.click(screen.getByTestId('limits-save'))
    await waitFor(() =>
      expect(asked).toEqual([
        { method: 'PUT', path: '/api/limits', body: { max_daily_loss: '50' } },
      ]),
    )
  })

  test('what is looser shows the last days first, and becomes a proposal that is opened', async () => {
    const proposal = sampleProposal({ why: 'loosening' })
    const asked = serve({
      'POST /api/limits/preview': samplePreview(),
      'PUT /api/limits': [202, { kind: 'proposal', proposal }],
    })
    await show()
    await write('max_trade', '200')
    expect(await screen.findByTestId('preview', {}, { timeout: 3_000 })).toHaveTextContent(
      '1,800.00',
    )
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/api/limits/preview',
        body: { changes: { max_trade: '200' } },
      },
    ])
    const summary = screen.getByTestId('limits-summary')
    expect(summary).toHaveTextContent('Looser: takes your word, then a wait')
    expect(summary).toHaveTextContent('100.00 USDTbecomes200.00 USDT')
    await userEvent.click(screen.getByRole('button', { name: 'Propose it' }))
    expect(await screen.findByText('proposal abcdef012345')).toBeInTheDocument()
  })

  test('a change of both kinds is explained as both', async () => {
    serve({ 'POST /api/limits/preview': samplePreview({ orders: 0 }) })
    await show()
    await write('max_trade', '200')
    await write('max_loss_streak', '5')
    const summary = screen.getByTestId('limits-summary')
    expect(summary).toHaveTextContent('What is tighter is set now; the rest becomes a proposal.')
    expect(screen.getByTestId('limits-save')).toHaveTextContent('Tighten now, propose the rest')
  })

  test('what cannot be read is said at its field, and nothing can be saved', async () => {
    await show()
    await write('max_trade', '600')
    expect(await screen.findByText('At most the exposure per bot')).toBeVisible()
    expect(screen.getByTestId('limit-max_trade')).toHaveAttribute('aria-invalid', 'true')
    expect(screen.getByTestId('limits-save')).toBeDisabled()
  })

  test('pairs are added in any spelling and taken off one by one', async () => {
    const asked = serve({ 'PUT /api/limits': receipt })
    await show()
    await write('blocked_pairs', 'doge/usdt pepe/usdt nonsense{Enter}')
    const blocked = screen.getByRole('list', { name: 'Blocked pairs' })
    expect(
      within(blocked)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['DOGE/USDT', 'PEPE/USDT', 'SHIB/USDT'])
    expect(screen.getByText('Pairs such as BTC/USDT, with commas between')).toBeVisible()
    await write('blocked_pairs', '')
    await userEvent.click(screen.getByRole('button', { name: 'Take off PEPE/USDT' }))
    await userEvent.click(screen.getByTestId('limits-save'))
    await waitFor(() =>
      expect(asked[0]?.body).toEqual({ blocked_pairs: ['DOGE/USDT', 'SHIB/USDT'] }),
    )
  })
})

describe('the limits of a bot', () => {
  test('go to the bot, and null leaves one to those of all', async () => {
    const asked = serve({
      [`PUT /api/bots/${BOT.id}/limits`]: { ...receipt, action: 'set_bot_limits' },
    })
    const view = sampleLimits()
    const limits = { ...view.limits, bots: { [BOT.id]: { max_trade: '20', max_open_trades: 4 } } }
    await show(BOT.id, { ...view, limits })
    expect(await screen.findByText('Limits of Dip buyer')).toBeVisible()
    expect(screen.getByTestId('limit-max_trade')).toHaveValue('20')
    expect(screen.queryByTestId('limit-max_total_exposure')).toBeNull()
    expect(screen.queryByTestId('limit-live_enabled')).toBeNull()
    await write('max_open_trades', '')
    await write('max_trade', '10')
    await userEvent.click(screen.getByTestId('limits-save'))
    await waitFor(() =>
      expect(asked).toEqual([
        {
          method: 'PUT',
          path: `/api/bots/${BOT.id}/limits`,
          body: { max_trade: '10', max_open_trades: null },
        },
      ]),
    )
  })

  test('cannot be looser than those of all', async () => {
    await show(BOT.id)
    await write('max_trade', '101')
    expect(await screen.findByText('Not looser than for all bots: 100.00 USDT')).toBeVisible()
  })
})

test('what is used of each limit stands beside it, and in words', async () => {
  await draw(<LimitsBars view={sampleLimits()} />)
  for (const name of [
    'Lost today (UTC), USDT: 12.50 of 100.00',
    'Drawdown from the peak, USDT: 30.00 of 250.00',
    'Open trades: 2 of 50',
    'Entries, last minute: 1 of 30',
    'Entries, last hour: 9 of 300',
  ])
    expect(await screen.findByRole('img', { name })).toBeVisible()
})

test('a loosening that waits says which limit, from what and to what, and whose', async () => {
  const waits = {
    why: 'loosening',
    status: 'waiting',
    effective_at: new Date(Date.now() + 581_000).toISOString(),
  } as const
  const ofAll = sampleProposal({
    ...waits,
    id: 'all',
    action: { kind: 'set_limits', changes: { max_trade: '119.999999', max_drawdown: null } },
    action_kind: 'set_limits',
    bot_id: null,
    bot_name: null,
  })
  const ofBot = sampleProposal({
    ...waits,
    id: 'bot',
    action: { kind: 'set_bot_limits', bot_id: BOT.id, changes: { max_trade: '20.00000001' } },
    action_kind: 'set_bot_limits',
  })
  const view = sampleLimits()
  const limits = { ...view, limits: { ...view.limits, bots: { [BOT.id]: { max_trade: '10' } } } }
  await draw(<WaitingLoosenings />, [BOT], [], { proposals: [ofAll, ofBot], limits })
  const [all, own] = within(await screen.findByTestId('waiting-loosenings')).getAllByRole(
    'listitem',
  )
  expect(all).toHaveTextContent('Change the limits of all bots')
  expect(all).toHaveTextContent('Largest trade')
  expect(all).toHaveTextContent('100.00 USDTbecomes119.999999 USDT')
  expect(all).not.toHaveTextContent('Drawdown')
  expect(own).toHaveTextContent('Change the limits of Dip buyer')
  expect(own).toHaveTextContent('10.00 USDTbecomes20.00000001 USDT')
  expect(own).not.toHaveTextContent(BOT.id)
})

test('limits in force are shown with every digit', async () => {
  const view = sampleLimits()
  const limits = { ...view.limits, max_trade: '119.999999', max_daily_loss: '100.123456' }
  await draw(
    <LimitsBars
      view={{
        ...view,
        limits,
        total_exposure: { ...view.total_exposure, limit: '1000.00000001' },
      }}
    />,
  )
  const shown = await screen.findByTestId('limits')
  expect(shown).toHaveTextContent('119.999999')
  expect(shown).toHaveTextContent('1,000.00000001')
  expect(
    screen.getByRole('img', { name: 'Lost today (UTC), USDT: 12.50 of 100.123456' }),
  ).toBeVisible()
})

test('a loosening that waits is shown with the time that is left, and opens', async () => {
  const waiting = sampleProposal({
    action: { kind: 'unblock_pair', pair: 'SHIB/USDT' },
    action_kind: 'unblock_pair',
    why: 'loosening',
    status: 'waiting',
    bot_id: null,
    effective_at: new Date(Date.now() + 581_000).toISOString(),
  })
  const page = (
    <>
      <WaitingLoosenings />
      <Opened />
    </>
  )
  await draw(page, [], [], { proposals: [waiting, sampleProposal({ id: 'other' })] })
  const list = await screen.findByTestId('waiting-loosenings')
  expect(list).toHaveTextContent('Take SHIB/USDT off the blocked pairs')
  expect(list).toHaveTextContent(/Takes effect in 9:4/)
  await userEvent.click(within(list).getByTestId('open-proposal'))
  expect(screen.getByText('proposal abcdef012345')).toBeInTheDocument()
  const asked = serve({
    'POST /api/proposals/abcdef012345/deny': {
      kind: 'proposal',
      proposal: { ...waiting, status: 'denied' },
    },
  })
  await userEvent.click(within(list).getByTestId('take-back'))
  await waitFor(() => expect(screen.queryByTestId('waiting-loosenings')).toBeNull())
  expect(asked[0]?.body).toEqual({ hash: waiting.hash })
})
