import { useTranslation } from 'react-i18next'

import { EmptyNote } from '@/components/note'
import { useBots } from '@/features/bots/api'
import { BotRow } from '@/features/bots/bot-row'
import { isReal, modeOutline } from '@/lib/mode'

/** The bots that trade with real money, each with whether what was confirmed of it holds. */
export function LiveBots() {
  const { t } = useTranslation()
  const bots = (useBots().data ?? []).filter(({ spec }) => isReal(spec.mode))
  return (
    <section className="min-w-0" data-testid="live-bots">
      <h2 className="mb-1.5 flex min-h-7 items-center text-xs font-semibold text-muted-foreground">
        {t('live.bots', { count: bots.length })}
      </h2>
      {bots.length === 0 ? (
        <div className="rounded-lg border border-dashed">
          <EmptyNote>{t('live.noBots')}</EmptyNote>
        </div>
      ) : (
        <ul
          className={`divide-y overflow-hidden rounded-lg bg-card ${modeOutline('REAL_MARKET_SPOT')}`}
        >
          {bots.map((bot) => (
            <BotRow key={bot.id} bot={bot} />
          ))}
        </ul>
      )}
    </section>
  )
}
