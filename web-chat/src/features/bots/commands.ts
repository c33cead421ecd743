import { CirclePause, CirclePlay, CircleStop, type LucideIcon, Trash2 } from 'lucide-react'

import type { BotView } from '@/lib/api/types'

import type { BotCommand } from './api'

export const COMMAND_ICONS: Record<BotCommand, LucideIcon> = {
  start: CirclePlay,
  resume: CirclePlay,
  pause: CirclePause,
  stop: CircleStop,
  delete: Trash2,
}

/** What can be asked of a bot as it is now, the likeliest first. */
export function commandsOf(bot: BotView): readonly BotCommand[] {
  if (bot.health === 'crashed') return ['start', 'stop']
  switch (bot.state) {
    case 'RUNNING':
      return ['pause', 'stop']
    case 'PAUSED':
      return [bot.health === 'off' ? 'start' : 'resume', 'stop']
    case 'CREATED':
    case 'STOPPED':
      return ['start', 'delete']
  }
}

/** The key of a command's word: a crashed bot is started again. */
export function commandKey(bot: BotView, command: BotCommand): string {
  if (command === 'start' && bot.health === 'crashed') return 'bots.command.restart'
  return `bots.command.${command}`
}
