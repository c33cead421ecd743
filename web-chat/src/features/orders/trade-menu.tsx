import { CircleDollarSign, EllipsisVertical, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import type { BotView, TradeView } from '@/lib/api/types'

import { useCancelOrder } from './api'
import { ExitTradeDialog } from './exit-dialog'

/** What can be done by hand with an open trade. */
export function TradeMenu({ bot, trade }: { bot: BotView; trade: TradeView }) {
  const { t } = useTranslation()
  const [selling, setSelling] = useState(false)
  const cancel = useCancelOrder(bot)
  if (!trade.is_open) return null
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={t('orders.ofTrade', { pair: trade.pair })}
            data-testid="trade-menu"
          >
            <EllipsisVertical />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem onSelect={() => setSelling(true)} data-testid="trade-exit">
            <CircleDollarSign aria-hidden />
            {t('orders.exit.menu')}
          </DropdownMenuItem>
          <DropdownMenuItem
            disabled={cancel.isPending}
            onSelect={() => cancel.mutate(trade.trade_id)}
            data-testid="trade-cancel"
          >
            <Undo2 aria-hidden />
            {t('orders.cancel')}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <ExitTradeDialog bot={bot} trade={trade} open={selling} onOpenChange={setSelling} />
    </>
  )
}
