import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'

import type { BotView } from '@/lib/api/types'
import { closeOverlay, useOverlay } from '@/lib/overlay'
import { draw } from '@/testing/draw'
import { sampleBot, sampleProposal, sampleTrade } from '@/testing/samples'
import { serve } from '@/testing/server'

import { BotMore } from './bot-more'
import { TradeMenu } from './trade-menu'

beforeEach(closeOverlay)

const BOT = sampleBot()
const at = (path: string) => `POST /api/bots/${BOT.id}/${path}`
const receipt = (action: string) => ({
  kind: 'receipt',
  audit_id: 5,
  action,
  at: BOT.created_at,
  bot: BOT,
})

function Page({ bot }: { bot: BotView }) {
  const shown = useOverlay()
  return (
    <>
      <BotMore bot={bot} />
      <TradeMenu bot={bot} trade={sampleTrade()} />
      <output>{shown && `${shown.overlay} ${shown.about ?? ''}`}</output>
    </>
  )
}

async function open(item: string, bot: BotView = BOT) {
  await draw(<Page bot={bot} />, [bot])
  await userEvent.click(await screen.findByTestId('bot-more'))
  const found = await screen.findByTestId(item)
  await userEvent.click(found, { pointerEventsCheck: 0 })
}

describe('a bot', () => {
  test('buys now: its own stake and the market where nothing is said', async () => {
    const asked = serve({ [at('entry')]: receipt('force_entry') })
    await open('bot-entry')
    await userEvent.selectOptions(await screen.findByLabelText('Pair'), 'ETH/USDT')
    await userEvent.click(screen.getByTestId('confirm-entry'))
    await waitFor(() =>
      expect(asked[0]?.body).toEqual({ pair: 'ETH/USDT', stake: null, price: null }),
    )
  })

  test('buys now with a stake and at a price; what the guard refuses is said in the form', async () => {
    const refusal = {
      error: 'refused',
      rule: 'pair_blocked',
      numbers: { pair: 'BTC/USDT' },
      detail: '…',
    }
    const asked = serve({ [at('entry')]: [403, refusal] })
    await open('bot-entry')
    await userEvent.type(await screen.findByTestId('entry-stake'), '30,5')
    await userEvent.type(screen.getByTestId('entry-price'), '0')
    expect(screen.getByTestId('confirm-entry')).toBeDisabled()
    await userEvent.type(screen.getByTestId('entry-price'), '.5')
    await userEvent.click(screen.getByTestId('confirm-entry'))
    expect(await screen.findByRole('alert')).toHaveTextContent('is on the list of blocked pairs')
    expect(asked[0]?.body).toEqual({ pair: 'BTC/USDT', stake: '30.5', price: '0.5' })
  })

  test('sells all that it holds, once it was asked back', async () => {
    const asked = serve({ [at('exit')]: receipt('force_exit') })
    await open('bot-exit-all')
    await userEvent.click(await screen.findByTestId('confirm-exit-all'))
    await waitFor(() => expect(asked[0]?.body).toEqual({ trade_id: null, amount: null }))
  })

  test('keeps out of a pair for some time, and is let back in', async () => {
    const asked = serve({
      [at('lock')]: receipt('lock_pair'),
      [at('unlock')]: receipt('unlock_pair'),
    })
    await open('bot-lock')
    await userEvent.selectOptions(await screen.findByLabelText('For how long'), '4 hr')
    await userEvent.click(screen.getByTestId('confirm-lock'))
    await waitFor(() => expect(asked[0]?.body).toEqual({ pair: 'BTC/USDT', minutes: 240 }))
    await userEvent.click(screen.getByTestId('bot-more'))
    await userEvent.click(await screen.findByTestId('bot-lock'), { pointerEventsCheck: 0 })
    await userEvent.click(await screen.findByTestId('confirm-unlock'))
    await waitFor(() => expect(asked[1]?.body).toEqual({ pair: 'BTC/USDT' }))
  })

  test('turns to real money only by a proposal, and only while it is off', async () => {
    const proposal = sampleProposal({ why: 'live' })
    const asked = serve({ [at('mode')]: [202, { kind: 'proposal', proposal }] })
    await open('bot-mode', sampleBot({ state: 'STOPPED', health: 'off', open_trades: 0 }))
    expect(await screen.findByTestId('mode-dialog')).toHaveTextContent('up to 100.00 USDT at once')
    await userEvent.click(screen.getByTestId('confirm-mode'))
    expect(await screen.findByText('proposal abcdef012345')).toBeInTheDocument()
    expect(asked[0]?.body).toEqual({ mode: 'REAL_MARKET_SPOT' })
  })

  test('that runs cannot change its mode, one that is off cannot buy', async () => {
    const first = await draw(<Page bot={BOT} />, [BOT])
    await userEvent.click(await screen.findByTestId('bot-more'))
    expect(await screen.findByTestId('bot-mode')).toHaveAttribute('aria-disabled', 'true')
    first.unmount()
    await draw(<Page bot={sampleBot({ state: 'STOPPED', health: 'off' })} />)
    await userEvent.click(await screen.findByTestId('bot-more'))
    expect(await screen.findByTestId('bot-entry')).toHaveAttribute('aria-disabled', 'true')
  })

  test('has its own limits opened', async () => {
    await open('edit-bot-limits')
    expect(await screen.findByText(`limits ${BOT.id}`)).toBeInTheDocument()
  })
})

describe('a trade', () => {
  test('is sold in part', async () => {
    const asked = serve({ [at('exit')]: receipt('force_exit') })
    await draw(<Page bot={BOT} />, [BOT])
    await userEvent.click(await screen.findByTestId('trade-menu'))
    await userEvent.click(await screen.findByTestId('trade-exit'), { pointerEventsCheck: 0 })
    await userEvent.type(await screen.findByTestId('exit-amount'), '0.0002')
    await userEvent.click(screen.getByTestId('confirm-exit'))
    await waitFor(() => expect(asked[0]?.body).toEqual({ trade_id: 1, amount: '0.0002' }))
  })

  test('has its open order taken back', async () => {
    const asked = serve({ [at('cancel-order')]: receipt('cancel_order') })
    await draw(<Page bot={BOT} />, [BOT])
    await userEvent.click(await screen.findByTestId('trade-menu'))
    await userEvent.click(await screen.findByTestId('trade-cancel'), { pointerEventsCheck: 0 })
    await waitFor(() => expect(asked[0]?.body).toEqual({ trade_id: 1 }))
  })
})
