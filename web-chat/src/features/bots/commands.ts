import { CirclePause, CirclePlay, CircleStop, type LucideIcon, Trash2 } from 'lucide-react'

import type { BotView } from '@/lib/api/types'

import type { BotCommand } from './api'

export const COMMAND_ICONS: Record<BotCommand, LucideIcon> = {
  start: CirclePlay,
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
      return ['start', 'stop']
    case 'CREATED':
    case 'STOPPED':
      return ['start', 'delete']
  }
}

/** The key of a command's word: a paused bot is resumed, a crashed one started again. */
export function commandKey(bot: BotView, command: BotCommand): string {
  if (command === 'start' && bot.health === 'crashed') return 'bots.command.restart'
  if (command === 'start' && bot.state === 'PAUSED') return 'bots.command.resume'
  return `bots.command.${command}`
}
