import { Layers } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { CardFrame } from '@/components/card-frame'
import { EmptyNote } from '@/components/note'
import { useBots } from '@/features/bots/api'
import { BotRow } from '@/features/bots/bot-row'
import type { CardOf } from '@/lib/api/types'

export function BotsCard({ card, at }: { card: CardOf<'bots'>; at: string }) {
  const { t } = useTranslation()
  const live = useBots().data
  // Each as it is now; one that was deleted since is shown as it was, without actions.
  const bots = card.bots.map((bot) => ({
    bot: live?.find(({ id }) => id === bot.id) ?? bot,
    gone: live !== undefined && !live.some(({ id }) => id === bot.id),
  }))
  return (
    <CardFrame
      kind="bots"
      title={t('card.bots', { count: bots.length })}
      Icon={Layers}
      at={at}
      flush
    >
      {bots.length === 0 ? (
        <EmptyNote>{t('bots.none')}</EmptyNote>
      ) : (
        <ul className="divide-y">
          {bots.map(({ bot, gone }) => (
            <BotRow key={bot.id} bot={bot} gone={gone} />
          ))}
        </ul>
      )}
    </CardFrame>
  )
}
