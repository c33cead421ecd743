import { useTranslation } from 'react-i18next'

import { AskDialog } from '@/components/ask-dialog'
import type { BotView } from '@/lib/api/types'

export function DeleteDialog({
  bot,
  open,
  onOpenChange,
  onConfirm,
}: {
  bot: BotView
  open: boolean
  onOpenChange: (open: boolean) => void
  onConfirm: () => void
}) {
  const { t } = useTranslation()
  return (
    <AskDialog
      title={t('bots.delete.title', { name: bot.spec.name })}
      text={t('bots.delete.text', { trades: String(bot.closed_trades + bot.open_trades) })}
      action={t('bots.command.delete')}
      destructive
      testId="delete"
      {...{ open, onOpenChange, onConfirm }}
    />
  )
}
