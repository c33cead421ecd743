import {
  CircleAlert,
  CirclePause,
  CirclePlay,
  CircleStop,
  CircleDot,
  LoaderCircle,
  ShieldAlert,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { BotView } from '@/lib/api/types'
import { cn } from '@/lib/cn'

const STATES = {
  CREATED: { Icon: CircleDot, colour: 'text-muted-foreground' },
  RUNNING: { Icon: CirclePlay, colour: 'text-gain' },
  PAUSED: { Icon: CirclePause, colour: 'text-foreground' },
  STOPPED: { Icon: CircleStop, colour: 'text-muted-foreground' },
} as const

function look({ state, health, hold }: BotView) {
  if (health === 'crashed')
    return { Icon: CircleAlert, colour: 'text-loss', key: 'health.crashed', spins: false }
  if (health === 'starting')
    return {
      Icon: LoaderCircle,
      colour: 'text-muted-foreground',
      key: 'health.starting',
      spins: true,
    }
  if (hold)
    return { Icon: ShieldAlert, colour: 'text-foreground', key: 'bots.heldState', spins: false }
  return { ...STATES[state], key: `state.${state}`, spins: false }
}

/** What the owner asked of a bot, or what is wrong with it where the two differ. */
export function BotState({ bot, className }: { bot: BotView; className?: string }) {
  const { t } = useTranslation()
  const { Icon, colour, key, spins } = look(bot)
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1 align-middle text-xs whitespace-nowrap',
        colour,
        className,
      )}
      data-state-of-bot={bot.state}
      data-health={bot.health}
    >
      <Icon className={cn('size-3.5', spins && 'animate-spin')} aria-hidden />
      <span className="first-letter:uppercase">{t(key)}</span>
    </span>
  )
}
