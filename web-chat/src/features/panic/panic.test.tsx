import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'

import { PROPOSALS_KEY } from '@/features/proposals/api'
import { i18n } from '@/lib/i18n'
import { closeOverlay, useOverlay } from '@/lib/overlay'
import { draw } from '@/testing/draw'
import { sampleGuard, samplePanic, sampleProposal, sampleTrade } from '@/testing/samples'
import { serve } from '@/testing/server'

import { PanicBanner } from './panic-banner'
import { PanicButton } from './panic-button'
import { PanicDialog } from './panic-dialog'

beforeEach(closeOverlay)

/** The button with what it opens, as the shell holds them. */
function Page() {
  const shown = useOverlay()
  return (
    <>
      <PanicButton />
      <PanicDialog
        open={shown?.overlay === 'panic'}
        onOpenChange={(open) => !open && closeOverlay()}
      />
      <PanicBanner />
      <output>{shown && `${shown.overlay} ${shown.about ?? ''}`}</output>
    </>
  )
}

const receipt = (exit: boolean) => ({
  kind: 'receipt',
  audit_id: 9,
  action: 'panic',
  at: samplePanic().at,
  guard: sampleGuard({ panic: samplePanic({ exit }) }),
})

describe('the press', () => {
  test.each([
    ['panic-stop', false],
    ['panic-exit', true],
  ])('%s takes two steps and is sent at once', async (choice, exit) => {
    const asked = serve({ 'POST /api/panic': receipt(exit) })
    await draw(<Page />, [], [sampleTrade()])
    await userEvent.click(await screen.findByTestId('panic-button'))
    expect(asked).toEqual([])
    expect(screen.getByTestId('panic-exit')).toHaveTextContent('(open trades: 1)')
    await userEvent.click(screen.getByTestId(choice))
    expect(asked).toEqual([{ method: 'POST', path: '/api/panic', body: { exit } }])
    expect(await screen.findByTestId('panic-banner')).toBeVisible()
    expect(screen.queryByTestId('panic-dialog')).toBeNull()
  })

  test('the button says its word, on the narrowest screen too', async () => {
    await draw(<Page />)
    const button = await screen.findByRole('button', { name: 'Panic' })
    expect(within(button).getByText('Panic').className).not.toContain('sr-only')
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(button).toHaveAccessibleName('Pânico')
  })

  test('a key that is held down opens it and chooses nothing; Escape closes it', async () => {
    const asked = serve()
    await draw(<Page />)
    const button = await screen.findByTestId('panic-button')
    button.focus()
    await userEvent.keyboard('{Enter>3/}')
    expect(await screen.findByTestId('panic-dialog')).toHaveFocus()
    expect(asked).toEqual([])
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByTestId('panic-dialog')).toBeNull()
  })

  test('where it fails, the choices stay with the reason', async () => {
    serve({ 'POST /api/panic': [403, { error: 'forbidden_scope', numbers: { scope: 'operate' } }] })
    await draw(<Page />)
    await userEvent.click(await screen.findByTestId('panic-button'))
    await userEvent.click(screen.getByTestId('panic-stop'))
    expect(await screen.findByRole('alert')).toHaveTextContent('does not include “operate”')
    expect(screen.getByTestId('panic-stop')).toBeEnabled()
  })
})

describe('the banner', () => {
  const show = (panic = samplePanic(), proposals = [] as ReturnType<typeof sampleProposal>[]) =>
    draw(<Page />, [], [], { guard: sampleGuard({ panic }), proposals })

  test('says since when, through which door, how long it took, and what had to be ended', async () => {
    await show(samplePanic({ exit: true, exits_open: 2, ended_bots: ['Night owl'] }))
    const banner = await screen.findByTestId('panic-banner')
    expect(banner).toHaveTextContent('The panic stop is on since')
    expect(banner).toHaveTextContent('Telegram')
    expect(banner).toHaveTextContent('420 ms')
    expect(banner).toHaveTextContent('Trades still being closed: 2.')
    expect(banner).toHaveTextContent('Night owl')
  })

  test('what could not be sold is named, and nothing says that all is sold', async () => {
    const panic = { ...samplePanic({ exit: true }), unsold: ['Alpha', 'Night owl'] }
    await show(panic)
    const banner = await screen.findByTestId('panic-banner')
    expect(within(banner).getByRole('alert')).toHaveTextContent(
      'Not sold: Alpha, Night owl. Press the panic stop with selling again, or start the bot once the stop is lifted.',
    )
    expect(banner).not.toHaveTextContent('is being sold')
    expect(banner).not.toHaveTextContent('Everything was sold')
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(banner).toHaveTextContent('Não vendido: Alpha, Night owl. Acione')
    expect(banner).not.toHaveTextContent('está sendo vendido')
    expect(banner).not.toHaveTextContent('Tudo foi vendido')
  })

  test.each([
    [2, true],
    [0, false],
  ])('with %i trades still open and nothing unsold says what is so', async (open, selling) => {
    await show(samplePanic({ exit: true, exits_open: open }))
    const banner = await screen.findByTestId('panic-banner')
    expect(banner.textContent.includes('is being sold')).toBe(selling)
    expect(banner.textContent.includes('Everything was sold')).toBe(!selling)
    expect(banner).not.toHaveTextContent('Not sold')
  })

  test('is not there while the panic stop is off', async () => {
    await draw(<Page />)
    expect(await screen.findByTestId('panic-button')).toBeVisible()
    expect(screen.queryByTestId('panic-banner')).toBeNull()
  })

  test('lifting makes a proposal and opens it; a second time it opens the same one', async () => {
    const proposal = sampleProposal({
      action: { kind: 'release_panic' },
      action_kind: 'release_panic',
      why: 'panic',
    })
    const asked = serve({ 'POST /api/panic/release': [202, { kind: 'proposal', proposal }] })
    const { client } = await show()
    await userEvent.click(await screen.findByTestId('panic-lift'))
    await waitFor(() =>
      expect(screen.getByRole('status')).toHaveTextContent('proposal abcdef012345'),
    )
    expect(client.getQueryData(PROPOSALS_KEY)).toEqual([proposal])
    closeOverlay()
    await userEvent.click(screen.getByTestId('panic-lift'))
    expect(screen.getByRole('status')).toHaveTextContent('proposal abcdef012345')
    expect(asked).toHaveLength(1)
  })
})
