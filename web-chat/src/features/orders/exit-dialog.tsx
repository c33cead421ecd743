import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { AskDialog } from '@/components/ask-dialog'
import type { BotView, TradeView } from '@/lib/api/types'
import { formatExact, readAmount } from '@/lib/money'

import { useForceExit } from './api'
import { AmountField } from './entry-dialog'

/** Asks back before all that a bot holds is sold. */
export function ExitAllDialog({
  bot,
  open,
  onOpenChange,
}: {
  bot: BotView
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation()
  const exit = useForceExit(bot)
  return (
    <AskDialog
      title={t('orders.exitAll.title', { name: bot.spec.name })}
      text={t('orders.exitAll.text', { count: bot.open_trades })}
      action={t('orders.exitAll.do')}
      destructive
      testId="exit-all"
      onConfirm={() => exit.mutate({ trade_id: null, amount: null })}
      {...{ open, onOpenChange }}
    />
  )
}

/** Asks how much of one trade to sell; all of it where nothing is said. */
export function ExitTradeDialog({
  bot,
  trade,
  open,
  onOpenChange,
}: {
  bot: BotView
  trade: TradeView
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t, i18n } = useTranslation()
  const [text, setText] = useState('')
  const amount = readAmount(text)
  const exit = useForceExit(bot)
  return (
    <AskDialog
      title={t('orders.exit.title', { pair: trade.pair })}
      text={t('orders.exit.text', { name: bot.spec.name })}
      action={t('orders.exit.do')}
      destructive
      disabled={amount === undefined}
      testId="exit"
      onConfirm={() => exit.mutate({ trade_id: trade.trade_id, amount: amount ?? null })}
      {...{ open, onOpenChange }}
    >
      <AmountField
        id="exit-amount"
        label={t('field.amount')}
        unit={trade.pair.split('/')[0] ?? ''}
        placeholder={t('orders.exit.all', { amount: formatExact(trade.amount, i18n.language, 0) })}
        value={text}
        isWrong={amount === undefined}
        onChange={setText}
      />
    </AskDialog>
  )
}
