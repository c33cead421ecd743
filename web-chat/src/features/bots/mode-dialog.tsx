import { useTranslation } from 'react-i18next'

import { AskDialog } from '@/components/ask-dialog'
import { useSubmit } from '@/features/actions/outcome'
import type { BotView } from '@/lib/api/types'
import { isReal } from '@/lib/mode'
import { formatExact } from '@/lib/money'

import { sendMode } from './api'

/** Asks back before a bot turns to real money, or back to simulated. */
export function ModeDialog({
  bot,
  open,
  onOpenChange,
}: {
  bot: BotView
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t, i18n } = useTranslation()
  const { spec, stake_currency: currency } = bot
  const toReal = !isReal(spec.mode)
  const change = useSubmit(() => sendMode(bot.id, toReal ? 'REAL_MARKET_SPOT' : 'SIMULATED'), {
    name: spec.name,
  })
  const form = toReal ? 'real' : 'simulated'
  return (
    <AskDialog
      title={t(`bots.mode.${form}.title`, { name: spec.name })}
      text={t(`bots.mode.${form}.text`, {
        amount: `${formatExact(bot.max_exposure, i18n.language)} ${currency}`,
      })}
      action={t(`bots.mode.${form}.do`)}
      testId="mode"
      onConfirm={() => change.mutate(undefined)}
      {...{ open, onOpenChange }}
    />
  )
}
