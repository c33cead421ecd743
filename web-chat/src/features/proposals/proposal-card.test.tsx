import { act, fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { ProposalView } from '@/lib/api/types'
import { i18n } from '@/lib/i18n'
import { draw } from '@/testing/draw'
import { sampleBot, sampleEffect, samplePreview, sampleProposal } from '@/testing/samples'
import { serve } from '@/testing/server'

import { keepProposal } from './api'
import { ProposalCard } from './proposal-card'

const show = (proposal: ProposalView, scopes?: string[]) =>
  draw(<ProposalCard proposal={proposal} />, [sampleBot()], [], { proposals: [proposal], scopes })

const card = () => screen.findByTestId('card-proposal')

beforeEach(() => serve())
afterEach(() => vi.useRealTimers())

describe('what is asked', () => {
  test('the whole of it: what, every value, why, who, the effect, and how long there is', async () => {
    await show(sampleProposal())
    const shown = await card()
    expect(shown).toHaveAttribute('data-status', 'pending')
    expect(shown).toHaveTextContent('Have Dip buyer buy BTC/USDT now')
    expect(within(shown).getByTestId('proposal-values')).toHaveTextContent('50.00 USDT')
    expect(within(shown).getByTestId('proposal-values')).toHaveTextContent('the market’s')
    expect(within(shown).getByTestId('proposal-why')).toHaveTextContent('text from outside')
    expect(shown).toHaveTextContent('Asked for by the assistant · browser')
    expect(within(shown).getAllByRole('img')[0]).toHaveAccessibleName(
      /Most that can be held, all bots \(simulated\): 100.00 before, 150.00 after, USDT/,
    )
    expect(within(shown).getByTestId('countdown')).toHaveTextContent(/Expires in 9:4[01]/)
    expect(within(shown).getByTestId('hash')).toHaveTextContent('0123456789…')
  })

  test('a loosening shows what it would have let pass, and what it is now', async () => {
    await show(
      sampleProposal({
        action: { kind: 'set_limits', changes: { max_trade: '500', max_drawdown: null } },
        action_kind: 'set_limits',
        why: 'loosening',
        bot_id: null,
        bot_name: null,
        by_agent: false,
        effect: null,
        preview: samplePreview(),
      }),
    )
    expect(await screen.findByTestId('preview')).toHaveTextContent('3639')
    expect(screen.getByTestId('preview')).toHaveTextContent(
      'Refused orders that would have been allowed: 3',
    )
    expect(screen.getByTestId('proposal-values')).toHaveTextContent('100.00 USDTbecomes500.00 USDT')
    expect(screen.getByTestId('proposal-values')).not.toHaveTextContent('Drawdown')
  })

  test('real money says so, with its amount, and has to be held', async () => {
    const asked = serve()
    await show(sampleProposal({ why: 'live', effect: sampleEffect({ mode: 'REAL_MARKET_SPOT' }) }))
    const shown = await card()
    expect(within(shown).getByText('Real money')).toBeVisible()
    expect(within(shown).getByTestId('proposal-amount')).toHaveTextContent('50.00 USDT')
    await userEvent.click(screen.getByTestId('proposal-confirm'))
    expect(asked).toEqual([])
    expect(screen.getByText('Hold it for a second.')).toBeVisible()
  })
})

describe('every digit is shown of', () => {
  const odd = '1234567890123456.12345678'
  const exactly = '1,234,567,890,123,456.12345678'

  test('a limit, from and to, and the worst loss', async () => {
    await show(
      sampleProposal({
        action: { kind: 'set_limits', changes: { max_trade: '119.999999' } },
        action_kind: 'set_limits',
        why: 'loosening',
        bot_id: null,
        effect: sampleEffect({ exposure_after: odd, stop_loss_after: '7.50000001' }),
        preview: samplePreview({ stake_after: '2160.123456' }),
      }),
    )
    expect(await screen.findByTestId('proposal-values')).toHaveTextContent(
      '100.00 USDTbecomes119.999999 USDT',
    )
    const effect = screen.getByTestId('effect')
    expect(effect).toHaveTextContent(exactly)
    expect(within(effect).getAllByRole('img')[1]).toHaveAccessibleName(
      'Worst loss: 5.00 before, 7.50000001 after, USDT',
    )
    expect(effect).toHaveTextContent('A stop-loss that is left to the strategy counts as none')
    expect(screen.getByTestId('preview')).toHaveTextContent('2,160.123456')
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(effect).toHaveTextContent('1.234.567.890.123.456,12345678')
    expect(effect).toHaveTextContent('Perda máxima')
  })

  test('real money', async () => {
    await show(
      sampleProposal({
        action: { kind: 'force_entry', pair: 'BTC/USDT', stake: odd },
        why: 'live',
        effect: sampleEffect({ mode: 'REAL_MARKET_SPOT' }),
      }),
    )
    expect(await screen.findByTestId('proposal-amount')).toHaveTextContent(`${exactly} USDT`)
  })
})

describe('why', () => {
  const why = () => screen.findByTestId('proposal-why')
  const kind = (action_kind: string) => ({
    action: { kind: action_kind, bot_id: 'a1b2c3d4e5f6' },
    action_kind,
  })

  test.each<[string, Partial<ProposalView>, string, string]>([
    [
      'the guard paused the bot',
      { ...kind('resume_bot'), numbers: { rule: 'loss_streak' } },
      'The guard has paused this bot, or would pause it at once, because a limit was reached: losses in a row.',
      'O guarda pausou este bot, ou pausaria logo em seguida, porque um limite foi atingido: perdas seguidas.',
    ],
    [
      'it is like another that the guard paused',
      { ...kind('start_bot'), numbers: { rule: 'drawdown', bot: 'Night owl' } },
      'This bot is like Night owl, which the guard paused because a limit was reached: drawdown.',
      'Este bot é parecido com Night owl, que o guarda pausou porque um limite foi atingido: drawdown.',
    ],
    [
      'what the guard paused would be deleted',
      { ...kind('delete_bot'), numbers: { rule: 'daily_loss' } },
      'The guard has paused this bot because a limit was reached: daily loss. If it is deleted, that pause is forgotten with it.',
      'O guarda pausou este bot porque um limite foi atingido: perda do dia. Se for excluído, essa pausa é esquecida com ele.',
    ],
  ])('%s', async (_, changes, en, pt) => {
    await show(sampleProposal({ ...changes, why: 'breaker' }))
    expect(await why()).toHaveTextContent(en)
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(await why()).toHaveTextContent(pt)
  })

  test.each<[string, Record<string, string>, string, string]>([
    [
      'its own limits would go with a bot',
      { what: 'limits', bot: 'Night owl' },
      'This takes away what was set to hold Night owl back: the limits of its own, which a new bot would not have.',
      'Isto tira o que foi definido para conter Night owl: os limites próprios dele, que um bot novo não teria.',
    ],
    [
      'a bot would be let back into a locked pair',
      { bot: 'Night owl', pair: 'BTC/USDT', what: 'lock' },
      'This takes away what was set to hold Night owl back: the lock that keeps it out of BTC/USDT.',
      'Isto tira o que foi definido para conter Night owl: a trava que o deixa fora de BTC/USDT.',
    ],
  ])('%s', async (_, numbers, en, pt) => {
    await show(sampleProposal({ ...kind('delete_bot'), why: 'lifts', numbers }))
    expect(await why()).toHaveTextContent(en)
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(await why()).toHaveTextContent(pt)
  })

  test.each([
    ['web', true, 'Asked for by the assistant · browser'],
    ['web', false, 'Asked for by you · browser'],
    ['cli', false, 'Asked for by you · command line'],
    ['telegram', false, 'Asked for by you · Telegram'],
    ['rest', false, 'Asked for by a program · REST'],
  ])('who asked through %s (assistant: %s) is told truthfully', async (door, by_agent, said) => {
    await show(sampleProposal({ door, by_agent }))
    expect(await screen.findByTestId('proposal-asked')).toHaveTextContent(said)
  })

  test('text from outside is told of beside another reason, and not twice', async () => {
    const first = await show(sampleProposal({ why: 'live', tainted: true }))
    expect(await screen.findByTestId('proposal-tainted')).toHaveTextContent(
      'Text from outside had been read when this was asked for.',
    )
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(screen.getByTestId('proposal-tainted')).toHaveTextContent(
      'Um texto de fora tinha sido lido quando isto foi pedido.',
    )
    await act(() => i18n.changeLanguage('en'))
    first.unmount()
    const second = await show(sampleProposal({ why: 'tainted', tainted: true }))
    expect(await why()).toHaveTextContent('text from outside')
    expect(screen.queryByTestId('proposal-tainted')).toBeNull()
    second.unmount()
    await show(sampleProposal({ why: 'live', tainted: false }))
    expect(await why()).toHaveTextContent('real money')
    expect(screen.queryByTestId('proposal-tainted')).toBeNull()
  })
})

describe('a word', () => {
  test('yes sends the hash that was shown, and the card becomes what came of it', async () => {
    const proposal = sampleProposal()
    const asked = serve({
      'POST /api/proposals/abcdef012345/confirm': {
        kind: 'receipt',
        audit_id: 9,
        action: 'force_entry',
        at: proposal.created_at,
        bot: sampleBot({ open_trades: 2 }),
      },
      'GET /api/proposals': [
        { ...proposal, status: 'done', decided_by: 'web', decided_at: proposal.created_at },
      ],
    })
    await show(proposal)
    await userEvent.click(await screen.findByTestId('proposal-confirm'))
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/api/proposals/abcdef012345/confirm',
        body: { hash: proposal.hash },
      },
    ])
    expect(await screen.findByText('Dip buyer placed an entry order.')).toBeVisible()
    expect(await card()).toHaveTextContent('Confirmed: browser')
    expect(screen.queryByTestId('proposal-confirm')).toBeNull()
  })

  test('yes to a loosening begins its wait, which can be taken back', async () => {
    const proposal = sampleProposal({ why: 'loosening' })
    const waiting = {
      ...proposal,
      status: 'waiting',
      decided_by: 'web',
      decided_at: proposal.created_at,
      effective_at: new Date(Date.now() + 581_000).toISOString(),
    }
    const asked = serve({
      'POST /api/proposals/abcdef012345/confirm': [202, { kind: 'proposal', proposal: waiting }],
      'POST /api/proposals/abcdef012345/deny': {
        kind: 'proposal',
        proposal: { ...waiting, status: 'denied' },
      },
    })
    await show(proposal)
    await userEvent.click(await screen.findByTestId('proposal-confirm'))
    expect(await screen.findByText(/Takes effect in 9:4/)).toBeVisible()
    expect(screen.queryByTestId('proposal-confirm')).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: 'Take back' }))
    expect(asked.at(-1)?.body).toEqual({ hash: proposal.hash })
    expect(
      await screen.findByText('Taken back before it took effect. Nothing was changed.'),
    ).toBeVisible()
  })

  test('the second click of a double click says nothing: another card may have come under it', async () => {
    const asked = serve()
    await show(sampleProposal())
    const click = (testId: string) => fireEvent.click(screen.getByTestId(testId), { detail: 2 })
    await card()
    click('proposal-confirm')
    click('proposal-deny')
    expect(asked).toEqual([])
  })

  test('an answer that comes too late is said where it happened', async () => {
    serve({
      'POST /api/proposals/abcdef012345/confirm': [
        409,
        { error: 'proposal_expired', detail: '…', numbers: { proposal: 'abcdef012345' } },
      ],
    })
    await show(sampleProposal())
    await userEvent.click(await screen.findByTestId('proposal-confirm'))
    expect(await screen.findByRole('alert')).toHaveTextContent('This proposal has expired.')
  })

  test('a session without the confirm scope is told why it cannot answer', async () => {
    await show(sampleProposal(), ['read', 'operate'])
    expect(await screen.findByTestId('proposal-confirm')).toBeDisabled()
    expect(screen.getByTestId('proposal-deny')).toBeDisabled()
    expect(screen.getByTestId('no-confirm-scope')).toBeVisible()
  })
})

describe('what became of it', () => {
  test.each<[Partial<ProposalView>, RegExp]>([
    [{ status: 'executing' }, /It is being done now/],
    [{ status: 'done' }, /Dip buyer placed an entry order/],
    [
      { status: 'refused', rule: 'pair_blocked', rule_numbers: { pair: 'BTC/USDT' } },
      /judged again.*BTC\/USDT is on the list of blocked pairs/,
    ],
    [
      { status: 'failed', rule: 'bot_unreachable', rule_numbers: { name: 'Dip buyer' } },
      /could not be done: Dip buyer does not answer/,
    ],
    [{ status: 'denied' }, /You said no/],
    [{ status: 'expired' }, /Nobody said yes in time/],
    [{ status: 'interrupted' }, /cut it off half-way/],
  ])('%j is said as %s', async (changes, said) => {
    await show(sampleProposal(changes))
    expect(await screen.findByTestId('proposal-result')).toHaveTextContent(said)
    expect(screen.queryByTestId('proposal-confirm')).toBeNull()
  })

  test('what was made is called by its name, and a bot that was deleted keeps its own', async () => {
    const made = { kind: 'create_bot', spec: { name: 'Night owl' } }
    const first = await show(
      sampleProposal({ status: 'done', action: made, action_kind: 'create_bot', bot_name: null }),
    )
    expect(await screen.findByText('Night owl was created.')).toBeVisible()
    first.unmount()
    const pending = sampleProposal({
      action: { kind: 'delete_bot', bot_id: 'a1b2c3d4e5f6' },
      action_kind: 'delete_bot',
    })
    const { client } = await show(pending)
    await card()
    act(() => keepProposal(client, { ...pending, status: 'done', bot_name: null }))
    expect(await screen.findByText('Dip buyer was deleted.')).toBeVisible()
  })

  test('one that nobody answered expires by itself', async () => {
    const proposal = sampleProposal({ expires_at: new Date(Date.now() - 1_000).toISOString() })
    await show(proposal)
    expect(await card()).toHaveAttribute('data-status', 'expired')
    expect(screen.queryByTestId('proposal-confirm')).toBeNull()
  })

  test('it changes in place when it is decided elsewhere, and never goes back', async () => {
    const pending = sampleProposal()
    const { client } = await show(pending)
    expect(await card()).toHaveAttribute('data-status', 'pending')
    act(() => keepProposal(client, { ...pending, status: 'denied', decided_by: 'telegram' }))
    expect(await screen.findByText(/You said no/)).toBeVisible()
    act(() => keepProposal(client, pending))
    expect(await card()).toHaveAttribute('data-status', 'denied')
  })
})

test('switching real money on is real money too', async () => {
  await show(
    sampleProposal({
      action: { kind: 'set_limits', changes: { live_enabled: true } },
      action_kind: 'set_limits',
      why: 'loosening',
      bot_id: null,
      effect: null,
    }),
  )
  expect(await screen.findByTestId('proposal-confirm')).toHaveTextContent('Hold to confirm')
  expect(screen.getByTestId('proposal-values')).toHaveTextContent('Real money')
})

describe('what a yes binds of a bot with real money', () => {
  const SOURCE = 'b136c474141c3f942ba346dcd441c3f7594d49cab13f9cb99367445b5c24915e'
  const numbers = {
    venue: 'binance',
    strategy: 'EmaCross',
    source: SOURCE,
    pairs: 'BTC/USDT, ETH/USDT',
    stake: '25.5',
    trades: '2',
    currency: 'USDT',
  }
  const start = (changes: Partial<ProposalView> = {}) =>
    sampleProposal({
      action: { kind: 'start_bot', bot_id: 'a1b2c3d4e5f6', paused: false },
      action_kind: 'start_bot',
      why: 'live',
      numbers,
      effect: sampleEffect({ mode: 'REAL_MARKET_SPOT' }),
      ...changes,
    })
  const binding = () => screen.findByTestId('binding')

  test('where, by which source, what, how much, and what may be lost, before the word', async () => {
    await show(start())
    const shown = await binding()
    expect(shown).toHaveTextContent('VenueBinanceReal money')
    expect(shown).toHaveTextContent('StrategyEmaCrossb136c47414…')
    expect(within(shown).getByTestId('hash')).toHaveAttribute('title', `SHA-256 ${SOURCE}`)
    expect(shown).toHaveTextContent('PairsBTC/USDT, ETH/USDT')
    expect(shown).toHaveTextContent('25.50 USDT × 2')
    expect(shown).toHaveTextContent('Largest exposure51.00 USDT')
    expect(screen.getByTestId('effect')).toHaveTextContent('Worst loss')
    const confirm = screen.getByTestId('proposal-confirm')
    expect(shown.compareDocumentPosition(confirm)).toBe(Node.DOCUMENT_POSITION_FOLLOWING)
    expect(screen.getByTestId('proposal-why')).toHaveTextContent(/^This touches real money\.$/)
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(shown).toHaveTextContent('Maior exposição51,00 USDT')
    expect(shown).toHaveTextContent('O seu sim deixa o bot comprar com dinheiro real')
  })

  test.each<[string, Partial<ProposalView>, string]>([
    ['a start', {}, 'Your yes lets it buy with real money, bound to exactly this.'],
    [
      'a start that stays paused',
      { action: { kind: 'start_bot', bot_id: 'a1b2c3d4e5f6', paused: true } },
      'This yes lets it buy nothing yet',
    ],
    [
      'an entry',
      { action: { kind: 'force_entry', bot_id: 'a1b2c3d4e5f6', pair: 'BTC/USDT' } },
      'Your yes is for this one purchase.',
    ],
    [
      'a change of a running bot',
      { action: { kind: 'edit_bot', bot_id: 'a1b2c3d4e5f6', changes: { stake: '60' } } },
      'bound to exactly this',
    ],
    [
      'a new name',
      { action: { kind: 'edit_bot', bot_id: 'a1b2c3d4e5f6', changes: { name: 'X', stake: null } } },
      'This yes lets it buy nothing yet',
    ],
    ['a new bot', { action: { kind: 'create_bot', spec: {} } }, 'This yes lets it buy nothing yet'],
  ])('%s', async (_, changes, said) => {
    await show(start(changes))
    expect(await screen.findByTestId('binding-leave')).toHaveTextContent(said)
  })

  test('a source that cannot be read is said so', async () => {
    await show(start({ numbers: { ...numbers, source: '-' } }))
    expect(await binding()).toHaveTextContent('its source cannot be read')
  })

  test('a reason of the guard keeps its own sentence', async () => {
    await show(start({ why: 'breaker', numbers: { ...numbers, rule: 'drawdown' } }))
    expect(await screen.findByTestId('proposal-why')).toHaveTextContent(
      'because a limit was reached: drawdown.',
    )
    expect(screen.getByTestId('proposal-why')).not.toHaveTextContent(SOURCE)
  })

  test('a simulated bot binds nothing', async () => {
    await show(sampleProposal())
    await card()
    expect(screen.queryByTestId('binding')).toBeNull()
  })
})

describe('settling a difference', () => {
  const settle = (changes: Partial<ProposalView> = {}) =>
    sampleProposal({
      action: {
        kind: 'settle_finding',
        finding: '0123456789abcdef',
        difference: 'bot_holds_more',
        of_bot: 'a1b2c3d4e5f6',
        pair: 'BTC/USDT',
        numbers: { bot: '0.0412', ledger: '0.0301' },
      },
      action_kind: 'settle_finding',
      why: 'live',
      bot_id: null,
      bot_name: null,
      effect: null,
      ...changes,
    })

  test('shows what differs, of which bot, and what is done', async () => {
    await show(settle())
    const shown = await screen.findByTestId('difference')
    expect(shown).toHaveTextContent('Dip buyer · BTC/USDT')
    expect(shown).toHaveTextContent('than our record says: 0.0412 BTC against 0.0301.')
    expect(shown).toHaveTextContent('The bot forgets its trade in BTC/USDT; nothing is sold.')
    expect(screen.queryByTestId('proposal-values')).toBeNull()
    expect(screen.getByTestId('proposal-confirm')).toHaveTextContent('Hold to confirm')
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(shown).toHaveTextContent('O bot esquece a operação dele em BTC/USDT; nada é vendido.')
  })

  test('has words as what was done', async () => {
    await show(settle({ status: 'done' }))
    const shown = await card()
    expect(shown).toHaveTextContent('Done: Settle a difference')
    expect(shown).toHaveTextContent('The difference was settled as the exchange has it.')
  })
})
