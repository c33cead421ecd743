import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'

import { sayFailure } from '@/lib/api/failure'
import type { BotView } from '@/lib/api/types'

import { type BotCommand, useBotCommand } from './api'

/** Sends commands to bots and says what came of each. */
export function useCommand() {
  const { t, i18n } = useTranslation()
  const { mutate, isPending } = useBotCommand()

  function run(bot: BotView, command: BotCommand): void {
    mutate(
      { id: bot.id, command },
      {
        onSuccess: ({ action }) => toast.success(t(`receipt.${action}`, { name: bot.spec.name })),
        onError: (error) => toast.error(sayFailure(error, t, i18n.language), { duration: 10_000 }),
      },
    )
  }
  return { run, isPending }
}
