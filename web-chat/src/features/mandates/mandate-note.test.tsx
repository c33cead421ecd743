import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'

import { BotsTable } from '@/features/bots/bots-table'
import { i18n } from '@/lib/i18n'
import type { BotView } from '@/lib/api/types'
import { closeOverlay, useOverlay } from '@/lib/overlay'
import { draw } from '@/testing/draw'
import { sampleBot, sampleProposal, sampleRealBot } from '@/testing/samples'
import { serve } from '@/testing/server'

import { MandateLine } from './mandate-line'
import { MandateNote } from './mandate-note'

beforeEach(closeOverlay)

const VOID = { status: 'void', reason: 'pairs' } as const

function Page({ bot }: { bot: BotView }) {
  const shown = useOverlay()
  return (
    <>
      <MandateLine bot={bot} />
      <MandateNote bot={bot} />
      <output>{shown && `${shown.overlay} ${shown.about ?? ''}`}</output>
    </>
  )
}

const show = (bot: BotView) => draw(<Page bot={bot} />, [bot])

describe('what was confirmed of a bot', () => {
  test('holds: since when, and that it may buy', async () => {
    await show(sampleRealBot())
    const note = await screen.findByTestId('mandate-note')
    expect(note).toHaveAttribute('data-mandate', 'valid')
    expect(note).toHaveTextContent('Confirmed by you for real money.')
    expect(note).toHaveTextContent(/Since .*Mar.*It is for exactly how the bot is set up now/)
    expect(screen.getByTestId('mandate')).toHaveTextContent(/Confirmed since .*Mar/)
    expect(screen.queryByTestId('mandate-confirm')).toBeNull()
  })

  test('is void: why, what that means, and the way on', async () => {
    const bot = sampleRealBot(VOID, { state: 'PAUSED' })
    const proposal = sampleProposal({ why: 'live' })
    const asked = serve({
      [`POST /api/bots/${bot.id}/resume`]: [202, { kind: 'proposal', proposal }],
    })
    await show(bot)
    const note = await screen.findByTestId('mandate-note')
    expect(note).toHaveTextContent(
      'Your confirmation for real money no longer holds: its pairs changed.',
    )
    expect(note).toHaveTextContent('It may sell, it cannot buy until you confirm again.')
    expect(screen.getByTestId('mandate')).toHaveTextContent('Not confirmed: its pairs changed')
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(note).toHaveTextContent(
      'Sua confirmação para dinheiro real não vale mais: os pares dele mudaram.',
    )
    expect(note).toHaveTextContent('Ele pode vender, mas não compra até você confirmar de novo.')
    await userEvent.click(screen.getByTestId('mandate-confirm'))
    await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent(proposal.id))
    expect(asked).toHaveLength(1)
  })

  test('was never given: a bot that does not run is started, which asks', async () => {
    const bot = sampleRealBot(
      { status: 'none', reason: null, at: null },
      { state: 'CREATED', health: 'off' },
    )
    await show(bot)
    const note = await screen.findByTestId('mandate-note')
    expect(note).toHaveTextContent('You have not confirmed this bot for real money yet.')
    expect(note).toHaveTextContent('It is not running. Starting it asks you to confirm.')
    expect(screen.getByTestId('mandate-confirm')).toHaveTextContent('Start and confirm…')
    expect(screen.getByTestId('mandate')).toHaveTextContent('Not confirmed yet')
  })

  test('cannot be compared: it stays, and confirming again would not help', async () => {
    await show(sampleRealBot({ status: 'void', reason: 'source_unreadable' }, { state: 'PAUSED' }))
    const note = await screen.findByTestId('mandate-note')
    expect(note).toHaveTextContent('the strategy’s source cannot be read')
    expect(note).toHaveTextContent('it cannot buy until the source can be read again')
    expect(note).not.toHaveTextContent('Since')
    expect(screen.queryByTestId('mandate-confirm')).toBeNull()
  })

  test('a bot that the guard holds has one button to go on, not two', async () => {
    const hold = { rule: 'drawdown', numbers: {}, at: '2026-03-01T12:00:00Z' }
    await show(sampleRealBot(VOID, { state: 'PAUSED', hold }))
    expect(await screen.findByTestId('mandate-note')).toBeVisible()
    expect(screen.queryByTestId('mandate-confirm')).toBeNull()
  })

  test('is nothing that a simulated bot has', async () => {
    await show(sampleBot())
    expect(screen.queryByTestId('mandate-note')).toBeNull()
    expect(screen.queryByTestId('mandate')).toBeNull()
  })
})

test('the list of bots tells it of those with real money alone', async () => {
  const bots = [sampleRealBot(VOID), sampleBot({ id: 'ffffffffffff' })]
  await draw(<BotsTable bots={bots} />, bots)
  expect(await screen.findAllByTestId('mandate')).toHaveLength(1)
})
