import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'

import { useOutcome } from '@/features/actions/outcome'
import { sayFailure } from '@/lib/api/failure'
import type { BotView } from '@/lib/api/types'

import { type BotCommand, dropBot, sendCommand } from './api'

/** Sends commands to bots and says what came of each. */
export function useCommand() {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const take = useOutcome()
  const { mutate, isPending } = useMutation({
    mutationFn: ({ bot, command }: { bot: BotView; command: BotCommand }) =>
      sendCommand(bot.id, command),
    onSuccess: (outcome, { bot, command }) => {
      if (outcome.kind === 'receipt' && command === 'delete') dropBot(client, bot.id)
      take(outcome, bot.spec.name)
    },
    onError: (error) => toast.error(sayFailure(error, t, i18n.language), { duration: 10_000 }),
  })
  return { run: (bot: BotView, command: BotCommand) => mutate({ bot, command }), isPending }
}
