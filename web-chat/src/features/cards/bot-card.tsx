import { Link } from '@tanstack/react-router'
import { Bot } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { BotState } from '@/components/bot-state'
import { CardFrame } from '@/components/card-frame'
import { BotActions } from '@/features/bots/bot-actions'
import { BotFacts } from '@/features/bots/bot-facts'
import { CrashNote } from '@/features/bots/crash-note'
import { HoldNote } from '@/features/bots/hold-note'
import { MandateNote } from '@/features/mandates/mandate-note'
import type { BotView, CardOf } from '@/lib/api/types'

import { useLiveBot } from './live-bot'

/** A bot's name and state, and what can be asked of it. */
export function BotHeadline({ bot, gone }: { bot: BotView; gone: boolean }) {
  const { t } = useTranslation()
  if (gone)
    return (
      <p className="flex items-baseline gap-2">
        <span className="font-semibold">{bot.spec.name}</span>
        <span className="text-xs text-muted-foreground">{t('bots.gone')}</span>
      </p>
    )
  return (
    <p className="flex items-center gap-3">
      <Link
        to="/bots/$botId"
        params={{ botId: bot.id }}
        className="truncate rounded-sm text-[15px] font-semibold hover:underline"
      >
        {bot.spec.name}
      </Link>
      <BotState bot={bot} />
    </p>
  )
}

export function BotCard({ card, at }: { card: CardOf<'bot'>; at: string }) {
  const { t } = useTranslation()
  const { bot, gone } = useLiveBot(card.bot)
  return (
    <CardFrame
      kind="bot"
      title={t('card.bot')}
      Icon={Bot}
      at={at}
      mode={bot.spec.mode}
      actions={!gone && <BotActions bot={bot} as="buttons" />}
    >
      <BotHeadline bot={bot} gone={gone} />
      {bot.spec.description && <p className="text-muted-foreground">{bot.spec.description}</p>}
      {!gone && <CrashNote bot={bot} />}
      {!gone && <HoldNote bot={bot} />}
      {!gone && <MandateNote bot={bot} />}
      <BotFacts bot={bot} />
    </CardFrame>
  )
}

export function HealthCard({ card, at }: { card: CardOf<'health'>; at: string }) {
  const { t } = useTranslation()
  const { bot, gone } = useLiveBot(card.bot)
  const crashed = card.bot.health === 'crashed'
  return (
    <CardFrame
      kind="health"
      title={t(crashed ? 'card.crashed' : 'card.recovered')}
      Icon={Bot}
      at={at}
      mode={bot.spec.mode}
      tone={crashed ? 'bad' : 'good'}
      actions={!gone && <BotActions bot={bot} as="buttons" />}
    >
      <BotHeadline bot={bot} gone={gone} />
      <CrashNote bot={card.bot} over={gone || bot.health !== 'crashed'} />
    </CardFrame>
  )
}
