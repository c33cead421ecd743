import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'

import { draw } from '@/testing/draw'
import {
  sampleAnalysis,
  sampleBot,
  sampleGuard,
  sampleLimits,
  samplePanic,
  sampleProposal,
  sampleRefusedOrder,
  sampleTrade,
} from '@/testing/samples'

import { Card } from './card'
import { SaidContext } from './nearest'

const AT = '2026-03-01T12:00:00Z'
const show = (card: unknown, bots = [sampleBot()]) => draw(<Card card={card} at={AT} />, bots)

describe('bots', () => {
  test('a simulated bot says so in words, with what can be asked of it', async () => {
    await show({ kind: 'bot', bot: sampleBot() })
    const card = await screen.findByTestId('card-bot')
    expect(within(card).getByText('Simulated')).toBeVisible()
    expect(within(card).getByText('Dip buyer')).toBeVisible()
    expect(within(card).getByText('BTC/USDT, ETH/USDT')).toBeVisible()
    expect(within(card).getByTestId('bot-pause')).toBeVisible()
    expect(within(card).queryByTestId('bot-delete')).toBeNull()
  })

  test('a bot with real money says so in words', async () => {
    const bot = sampleBot()
    const real = { ...bot, spec: { ...bot.spec, mode: 'REAL_MARKET_SPOT' as const } }
    await show({ kind: 'bot', bot: real }, [real])
    expect(await screen.findByText('Real money')).toBeVisible()
  })

  test('a card shows its bot as it is now, and without actions once it is deleted', async () => {
    const then = sampleBot({ state: 'CREATED', health: 'off' })
    const first = await show({ kind: 'bot', bot: then }, [sampleBot({ state: 'PAUSED' })])
    expect(await screen.findByText('paused')).toBeVisible()
    first.unmount()
    await show({ kind: 'bot', bot: then }, [])
    expect(await screen.findByText('deleted since')).toBeVisible()
    expect(screen.queryByRole('button')).toBeNull()
  })

  test('a crash is told with its reason and the end of the log', async () => {
    const bot = sampleBot({
      health: 'crashed',
      health_reason: 'strategy_error',
      log_tail: ['boom'],
    })
    await show({ kind: 'health', bot }, [bot])
    expect(await screen.findByText('The strategy has an error.')).toBeVisible()
    expect(screen.getByText('boom')).toBeInTheDocument()
    expect(screen.getByTestId('bot-start')).toHaveTextContent('Start again')
  })

  test('a list of bots has a row for each', async () => {
    const bots = [sampleBot(), sampleBot({ id: 'ffffffffffff' })]
    await show({ kind: 'bots', bots }, bots)
    expect(await screen.findAllByTestId('bot-row')).toHaveLength(2)
  })
})

describe('trades', () => {
  test('gains and losses have a sign, and money its unit', async () => {
    await show({ kind: 'trade', stake_currency: 'USDT', trade: sampleTrade({ profit: '-0.5' }) })
    const card = await screen.findByTestId('card-trade')
    expect(card).toHaveTextContent('-0.50 USDT')
    expect(card).toHaveTextContent('0.00051532 BTC')
    expect(card).toHaveTextContent('trade opened')
  })

  test('an open trade is shown as it is now, its reason in words', async () => {
    const card = { kind: 'trade', stake_currency: 'USDT', trade: sampleTrade({ profit: '-0.5' }) }
    await draw(<Card card={card} at={AT} />, [], [sampleTrade({ profit: '0.75' })])
    expect(await screen.findByTestId('card-trade')).toHaveTextContent('+0.75 USDT')
    expect(screen.getByTestId('card-trade')).toHaveTextContent('RSI low')
  })

  test('a list of trades has a row for each, and says where there is none', async () => {
    const list = { kind: 'trades', bot_id: 'x', bot_name: 'Dip buyer', stake_currency: 'USDT' }
    const drawn = await show({ ...list, trades: [sampleTrade()] })
    expect(await screen.findAllByTestId('trade-row')).toHaveLength(1)
    drawn.unmount()
    await show({ ...list, trades: [] })
    expect(await screen.findByText('No trades yet.')).toBeVisible()
  })
})

test('an analysis reads the indicators, and says that its data is synthetic', async () => {
  await show({ kind: 'analysis', analysis: sampleAnalysis() })
  const card = await screen.findByTestId('card-analysis')
  expect(card).toHaveTextContent('Synthetic data')
  expect(card).toHaveTextContent('+1.84%')
  expect(card).toHaveTextContent('oversold (30 or less)')
  expect(card).toHaveTextContent('too few candles')
})

test('limits show what is used and committed in words too', async () => {
  await show({ kind: 'limits', limits: sampleLimits() })
  expect(
    await screen.findByRole('img', { name: /50.00 used, 100.00 committed, of 1,000.00 USDT/ }),
  ).toBeVisible()
})

test('a receipt says what was done', async () => {
  const receipt = { kind: 'receipt', audit_id: 7, action: 'create_bot', at: AT, limits: null }
  await show({ ...receipt, bot: sampleBot() })
  expect(await screen.findByText('Dip buyer was created.')).toBeVisible()
})

test('a refusal says rule and numbers and offers the nearest thing that is allowed', async () => {
  const refusal = {
    kind: 'refusal',
    audit_id: 7,
    action: 'create_bot',
    at: AT,
    rule: 'trade_size',
    numbers: { asked: '500', max: '100', currency: 'USDT' },
  }
  const drawn = await draw(
    <SaidContext value="a bot with 500 USDT per trade">
      <Card card={refusal} at={AT} />
    </SaidContext>,
  )
  expect(await screen.findByText('500 USDT a trade is above the limit of 100 USDT.')).toBeVisible()
  expect(screen.getByTestId('nearest')).toHaveTextContent('a bot with 100 USDT per trade')
  await userEvent.click(screen.getByTestId('nearest'))
  expect(drawn.router.state.location.pathname).toBe('/chat')
})

test('a problem is said in words', async () => {
  await show({
    kind: 'problem',
    action: 'create_bot',
    at: AT,
    problem: 'unknown_pair',
    numbers: { pair: 'FOO/USDT', venue: 'demo' },
  })
  expect(await screen.findByText('FOO/USDT is not traded on Demo exchange.')).toBeVisible()
})

describe('the guard', () => {
  test('a bot that it paused says why, and can be asked to go on', async () => {
    const numbers = { lost: '101', max: '100', currency: 'USDT' }
    const hold = { rule: 'daily_loss', numbers, at: AT }
    const bot = sampleBot({ state: 'PAUSED', hold })
    await show({ kind: 'bot', bot }, [bot])
    expect(await screen.findByTestId('hold-note')).toHaveTextContent('loss of 101 USDT')
    expect(screen.getByText('paused by the guard')).toBeVisible()
    expect(screen.getByTestId('hold-resume')).toBeVisible()
  })

  test('a proposal is a card', async () => {
    await show({ kind: 'proposal', proposal: sampleProposal() })
    expect(await screen.findByTestId('card-proposal')).toHaveAttribute('data-status', 'pending')
  })

  test('what it keeps from happening is told, with what was refused', async () => {
    const guard = sampleGuard({ panic: samplePanic(), refused_orders: [sampleRefusedOrder()] })
    await draw(<Card card={{ kind: 'guard', guard }} at={AT} />, [], [], { guard })
    const card = await screen.findByTestId('card-guard')
    expect(card).toHaveTextContent('The panic stop is on')
    expect(card).toHaveTextContent('is on the list of blocked pairs')
    expect(within(card).getByTestId('panic-lift')).toBeVisible()
  })

  test('a panic that is over by now cannot be lifted from an old card', async () => {
    await show({ kind: 'guard', guard: sampleGuard({ panic: samplePanic() }) })
    expect(await screen.findByTestId('card-guard')).toBeVisible()
    expect(screen.queryByTestId('panic-lift')).toBeNull()
  })
})

describe('text from outside', () => {
  test.each([
    ['log', 'A bot’s log was read.'],
    ['strategy', 'The source of a strategy was read.'],
    ['tags', 'Tags that a strategy gave'],
    ['earlier', 'Text from outside was read here'],
  ])('%s is marked as such', async (source, said) => {
    await show({ kind: 'taint', source })
    const chip = await screen.findByTestId('card-taint')
    expect(chip).toHaveTextContent(said)
    expect(chip).toHaveTextContent('your word')
  })

  test('a log and a source are shown as they are, never as markup', async () => {
    const first = await show({
      kind: 'log',
      bot_id: 'a1b2c3d4e5f6',
      bot_name: 'Dip buyer',
      lines: ['<b>bold</b>', 'second'],
    })
    const log = await screen.findByTestId('card-log')
    expect(log).toHaveTextContent('<b>bold</b>')
    expect(log).toHaveTextContent('Log of Dip buyer')
    first.unmount()
    await show({ kind: 'source', name: 'Mine', source: 'class Mine: pass' })
    expect(await screen.findByRole('region', { name: 'Source of Mine' })).toHaveTextContent(
      'class Mine: pass',
    )
  })
})

describe('what cannot be drawn', () => {
  test.each([[{ kind: 'hologram' }], [null], ['text'], [{ kind: 'toString' }]])(
    '%j is said quietly',
    async (card) => {
      await show(card)
      expect(await screen.findByTestId('card-unknown')).toBeVisible()
    },
  )

  test('a known kind with a content of another version is said quietly', async () => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await show({ kind: 'analysis', analysis: { pair: 7 } })
    expect(await screen.findByTestId('card-unknown')).toBeVisible()
    silence.mockRestore()
  })
})
