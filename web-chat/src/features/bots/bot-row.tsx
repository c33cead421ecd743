import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { BotState } from '@/components/bot-state'
import { Change } from '@/components/figures'
import { ModeBadge } from '@/components/mode'
import { MandateLine } from '@/features/mandates/mandate-line'
import type { BotView } from '@/lib/api/types'
import { sum } from '@/lib/money'

import { BotActions } from './bot-actions'

/** A bot in one line of the desk or of a card; one that is gone is told by its name alone. */
export function BotRow({ bot, gone = false }: { bot: BotView; gone?: boolean }) {
  return gone ? <GoneRow bot={bot} /> : <LiveRow bot={bot} />
}

function GoneRow({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  return (
    <li className="flex items-baseline gap-2 px-3 py-2 text-muted-foreground">
      <span className="truncate">{bot.spec.name}</span>
      <span className="text-xs">{t('bots.gone')}</span>
    </li>
  )
}

function LiveRow({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  return (
    <li
      className="flex items-center gap-2 py-2 pr-1.5 pl-3 hover:bg-accent/40"
      data-testid="bot-row"
      data-bot-id={bot.id}
    >
      <div className="min-w-0 flex-1">
        {/* What does not fit wraps to a second line, which is hidden. */}
        <div className="flex h-5 flex-wrap items-baseline gap-x-2 overflow-hidden leading-5">
          <Link
            to="/bots/$botId"
            params={{ botId: bot.id }}
            title={bot.spec.name}
            className="max-w-full truncate rounded-sm font-medium hover:underline"
          >
            {bot.spec.name}
          </Link>
          <span
            className="text-xs whitespace-nowrap text-muted-foreground"
            title={bot.spec.pairs.join(', ')}
          >
            {bot.spec.pairs.map((pair) => pair.split('/')[0]).join(' ')}
          </span>
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
          <ModeBadge mode={bot.spec.mode} />
          <BotState bot={bot} />
        </div>
        <MandateLine bot={bot} className="mt-1" />
      </div>
      <div className="shrink-0 space-y-1 text-right text-xs">
        <Change
          value={sum([bot.realised_profit, bot.unrealised_profit])}
          currency={bot.stake_currency}
          className="text-[13px] font-medium"
        />
        <p className="mt-0.5 num text-muted-foreground">
          {t('bots.openOf', {
            open: String(bot.open_trades),
            max: String(bot.spec.max_open_trades),
          })}
        </p>
      </div>
      <BotActions bot={bot} as="menu" />
    </li>
  )
}
