import { useNavigate } from '@tanstack/react-router'
import { Layers } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { useBots } from '@/features/bots/api'
import { COMMAND_ICONS, commandKey, commandsOf } from '@/features/bots/commands'
import { useCommand } from '@/features/bots/use-command'

import type { Entry } from './entries'

/** A bot's page and what can be asked of it; deleting is left to places that ask back. */
export function useBotEntries(): Entry[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const bots = useBots().data ?? []
  const { run } = useCommand()

  return bots.flatMap((bot) => [
    {
      id: `bot-${bot.id}`,
      text: bot.spec.name,
      Icon: Layers,
      run: () => void navigate({ to: '/bots/$botId', params: { botId: bot.id } }),
    },
    ...commandsOf(bot)
      .filter((command) => command !== 'delete')
      .map((command) => ({
        id: `bot-${command}-${bot.id}`,
        text: `${bot.spec.name}: ${t(commandKey(bot, command))}`,
        Icon: COMMAND_ICONS[command],
        run: () => run(bot, command),
      })),
  ])
}
