import {
  CircleDollarSign,
  Coins,
  Ellipsis,
  Lock,
  ShoppingCart,
  SlidersHorizontal,
} from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { ModeDialog } from '@/features/bots/mode-dialog'
import type { BotView } from '@/lib/api/types'
import { isReal } from '@/lib/mode'
import { openOverlay } from '@/lib/overlay'

import { EntryDialog } from './entry-dialog'
import { ExitAllDialog } from './exit-dialog'
import { LockDialog } from './lock-dialog'

type Asking = 'entry' | 'exit' | 'lock' | 'mode' | null

/** What is asked of a bot more rarely: orders by hand, locked pairs, its limits, its mode. */
export function BotMore({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<Asking>(null)
  const at = (which: Asking) => ({
    bot,
    open: asking === which,
    onOpenChange: (open: boolean) => setAsking(open ? which : null),
  })
  const isOff = bot.state === 'CREATED' || bot.state === 'STOPPED'
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="outline" size="sm" data-testid="bot-more">
            <Ellipsis aria-hidden />
            {t('orders.more')}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem
            disabled={bot.state !== 'RUNNING'}
            onSelect={() => setAsking('entry')}
            data-testid="bot-entry"
          >
            <ShoppingCart aria-hidden />
            {t('orders.entry.menu')}
          </DropdownMenuItem>
          <DropdownMenuItem
            disabled={bot.open_trades === 0}
            onSelect={() => setAsking('exit')}
            data-testid="bot-exit-all"
          >
            <CircleDollarSign aria-hidden />
            {t('orders.exitAll.menu')}
          </DropdownMenuItem>
          <DropdownMenuItem
            disabled={isOff}
            onSelect={() => setAsking('lock')}
            data-testid="bot-lock"
          >
            <Lock aria-hidden />
            {t('orders.lock.menu')}
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem
            onSelect={() => openOverlay('limits', bot.id)}
            data-testid="edit-bot-limits"
          >
            <SlidersHorizontal aria-hidden />
            {t('limits.editOwn')}
          </DropdownMenuItem>
          <DropdownMenuItem
            disabled={!isOff || bot.open_trades > 0}
            onSelect={() => setAsking('mode')}
            data-testid="bot-mode"
          >
            <Coins aria-hidden />
            {t(isReal(bot.spec.mode) ? 'bots.mode.toSimulated' : 'bots.mode.toReal')}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <EntryDialog {...at('entry')} />
      <ExitAllDialog {...at('exit')} />
      <LockDialog {...at('lock')} />
      <ModeDialog {...at('mode')} />
    </>
  )
}
