import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test } from 'vitest'

import type { FindingView, ReconciliationView } from '@/lib/api/types'
import { i18n, LANGUAGES } from '@/lib/i18n'
import { closeOverlay, useOverlay } from '@/lib/overlay'
import { draw } from '@/testing/draw'
import { sampleFinding, sampleProposal, sampleReconciliation } from '@/testing/samples'
import { serve } from '@/testing/server'

import { ReconciliationPanel } from './reconciliation-panel'
import { sayFinding, sayRemedy, sayWhatToDo } from './say'

beforeEach(closeOverlay)

function Page() {
  const shown = useOverlay()
  return (
    <>
      <ReconciliationPanel />
      <output data-testid="overlay">{shown && `${shown.overlay} ${shown.about ?? ''}`}</output>
    </>
  )
}

async function show(view: ReconciliationView, answers: object = {}) {
  const asked = serve({ 'GET /api/reconciliation': view, ...answers })
  await draw(<Page />)
  await screen.findByTestId('reconciliation')
  return asked
}

const differs = (...findings: ReconciliationView['findings']) =>
  sampleReconciliation({ agrees: false, findings })

/** What only the exchange can put right. */
const UNSETTLED: string[] = ['foreign_order', 'fills_missing']

const order = { order: '1234567', quantity: '0.0012' }
const KINDS: [FindingView['kind'], Record<string, string>, string, string][] = [
  [
    'order_not_in_ledger',
    { ...order, symbol: 'BTCUSDT' },
    'open at the exchange and is not in our record: order 1234567, BTCUSDT, quantity 0.0012.',
    'não está no nosso registro: ordem 1234567, BTCUSDT, quantidade 0,0012.',
  ],
  [
    'foreign_order',
    { ...order, symbol: 'BTCUSDT' },
    'An order that no bot made is open in your account: order 1234567, BTCUSDT, quantity 0.0012.',
    'que nenhum bot fez: ordem 1234567, BTCUSDT, quantidade 0,0012.',
  ],
  [
    'order_not_at_exchange',
    { ...order, pair: 'BTC/USDT' },
    'that the exchange does not have: order 1234567, BTC/USDT, quantity 0.0012.',
    'que a corretora não tem: ordem 1234567, BTC/USDT, quantidade 0,0012.',
  ],
  [
    'fills_missing',
    { ...order, pair: 'BTC/USDT', missing: '0.0005' },
    'order 1234567, BTC/USDT, quantity 0.0012; missing here: 0.0005.',
    'ordem 1234567, BTC/USDT, quantidade 0,0012; faltam aqui: 0,0005.',
  ],
  [
    'balance_short',
    { asset: 'BTC', ledger: '0.00412', account: '0.003' },
    'Your account has less BTC than the bots hold: 0.003 in the account, 0.00412 in our record.',
    'Sua conta tem menos BTC do que os bots mantêm: 0,003 na conta, 0,00412 no nosso registro.',
  ],
  [
    'balance_changed',
    { asset: 'USDT', before: '1000', now: '1500.5', change: '500.5' },
    'USDT went from 1,000 to 1,500.5 (+500.5).',
    'USDT foi de 1.000 para 1.500,5 (+500,5).',
  ],
  [
    'bot_holds_more',
    { bot: '0.0412', ledger: '0.0301' },
    'The bot believes it holds more than our record says: 0.0412 BTC against 0.0301.',
    'O bot acredita ter mais do que diz o nosso registro: 0,0412 BTC contra 0,0301.',
  ],
  [
    'bot_holds_less',
    { bot: '0.01', ledger: '0.0301' },
    'The bot believes it holds less than our record says: 0.01 BTC against 0.0301.',
    'O bot acredita ter menos do que diz o nosso registro: 0,01 BTC contra 0,0301.',
  ],
  [
    'order_not_in_bot',
    order,
    'An order is open that the bot does not know of: order 1234567, quantity 0.0012.',
    'Há uma ordem aberta que o bot não conhece: ordem 1234567, quantidade 0,0012.',
  ],
  [
    'order_only_in_bot',
    order,
    'The bot believes in an open order that there is not: order 1234567.',
    'O bot acredita numa ordem aberta que não existe: ordem 1234567.',
  ],
  [
    'left_over',
    { quantity: '0.00009', cost: '5.31' },
    'too few to sell each time: 0.00009 BTC, bought for 5.31.',
    'pequenas demais para vender a cada vez: 0,00009 BTC, compradas por 5,31.',
  ],
]

test.each(KINDS)('%s is said with its numbers, and what to do', async (kind, numbers, en, pt) => {
  const finding = sampleFinding({ kind, numbers })
  const said = (locale: string) =>
    `${sayFinding(finding, i18n.t, locale)} ${sayWhatToDo(finding, i18n.t, locale)}`
  await i18n.changeLanguage('en')
  const english = said('en')
  expect(english).toContain(en)
  await i18n.changeLanguage('pt-BR')
  const portuguese = said('pt-BR')
  expect(portuguese).toContain(pt)
  for (const sentence of [english, portuguese]) {
    expect(sentence).not.toMatch(/\[\w+\]/)
    expect(sentence).not.toContain(kind)
    expect(sentence.length).toBeGreaterThan(Math.max(en.length, pt.length))
  }
})

test.each(KINDS.map(([kind]) => kind).filter((kind) => !UNSETTLED.includes(kind)))(
  'what is done about %s is said before it is asked for, in both languages',
  async (kind) => {
    const finding = sampleFinding({ kind })
    for (const language of LANGUAGES) {
      await i18n.changeLanguage(language)
      const said = sayRemedy(finding, i18n.t, language)
      expect(said).not.toMatch(/\[\w+\]/)
      expect(said).not.toBe(i18n.t('finding.unknown.settle'))
    }
  },
)

test('what left has its sign, too; what this version has no words for is told', async () => {
  await i18n.changeLanguage('en')
  const left = sampleFinding({
    kind: 'balance_changed',
    numbers: { asset: 'USDT', before: '10000', now: '9400.5', change: '-599.5' },
  })
  expect(sayFinding(left, i18n.t, 'en')).toContain('(-599.5)')
  const unknown = { kind: 'brand_new', pair: null, numbers: {} }
  expect(sayFinding(unknown, i18n.t, 'en')).toContain('(brand_new)')
})

describe('what came of comparing', () => {
  test.each<[Partial<ReconciliationView>, string, string]>([
    [{}, 'They agree', 'Batem'],
    [
      { findings: [sampleFinding({ uncertain: false })] },
      'They agree on what each bot has. Things to know: 1.',
      'Batem no que cada bot tem. Coisas a saber: 1.',
    ],
    [{ agrees: null }, 'They could not be compared just now', 'Não foi possível comparar agora'],
    [{ agrees: null, at: null }, 'They have not been compared yet', 'Ainda não foram comparados'],
    [
      { agrees: false, findings: [sampleFinding()] },
      'They do not agree. Differences: 1.',
      'Não batem. Divergências: 1.',
    ],
  ])('%j', async (changes, en, pt) => {
    await show(sampleReconciliation(changes))
    const shown = screen.getByTestId('reconciliation')
    expect(shown).toHaveTextContent(en)
    await act(() => i18n.changeLanguage('pt-BR'))
    expect(shown).toHaveTextContent(pt)
  })

  test('bots that did not answer are named', async () => {
    await show(sampleReconciliation({ unasked: ['Dip buyer', 'Night owl'] }))
    expect(screen.getByTestId('reconciliation')).toHaveTextContent(
      'Did not answer, so they were not compared: Dip buyer, Night owl.',
    )
  })

  test('where money is uncertain it comes first, and says who buys nothing', async () => {
    await show(
      differs(
        sampleFinding({ id: 'a', kind: 'foreign_order', bot_id: null, uncertain: false }),
        sampleFinding({ id: 'b' }),
        sampleFinding({ id: 'c', bot_id: null, bot_name: null, since: '2026-03-02T12:00:00Z' }),
      ),
    )
    const found = screen.getAllByTestId('finding')
    expect(found[0]).toHaveTextContent('no bot buys with real money until this is cleared up')
    expect(found[1]).toHaveTextContent('Dip buyer buys nothing until this is cleared up')
    expect(found[2]).not.toHaveTextContent('Money is uncertain')
    expect(screen.getByRole('link')).toHaveAttribute('href', '/bots/a1b2c3d4e5f6')
  })

  test('comparing now shows what it found; where that fails it says so', async () => {
    const asked = await show(sampleReconciliation(), {
      'POST /api/reconciliation': differs(sampleFinding()),
    })
    await userEvent.click(screen.getByTestId('compare'))
    expect(await screen.findByTestId('finding')).toBeVisible()
    expect(asked.map(({ path }) => path)).toEqual(['/api/reconciliation'])
    serve({
      'POST /api/reconciliation': [
        502,
        { error: 'venue_unreachable', numbers: { venue: 'binance' } },
      ],
    })
    await userEvent.click(screen.getByTestId('compare'))
    expect(await screen.findByRole('alert')).toHaveTextContent('Binance does not answer')
  })
})

describe('accepting what the exchange says', () => {
  test('is put to the person', async () => {
    const proposal = sampleProposal({
      action: { kind: 'settle_finding', finding: 'f1' },
      action_kind: 'settle_finding',
      why: 'live',
    })
    const asked = await show(differs(sampleFinding()), {
      'POST /api/reconciliation/f1/settle': [202, { kind: 'proposal', proposal }],
    })
    await userEvent.click(screen.getByTestId('finding-settle'))
    await waitFor(() =>
      expect(screen.getByTestId('overlay')).toHaveTextContent(`proposal ${proposal.id}`),
    )
    expect(asked).toEqual([{ method: 'POST', path: '/api/reconciliation/f1/settle', body: null }])
  })

  test('is offered only where it settles something', async () => {
    await show(differs(sampleFinding({ settles: false })))
    expect(screen.getByTestId('finding')).toBeVisible()
    expect(screen.queryByTestId('finding-settle')).toBeNull()
  })
})
