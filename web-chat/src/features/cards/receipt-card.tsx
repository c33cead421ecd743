import { BadgeCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { CardFrame } from '@/components/card-frame'
import { BotActions } from '@/features/bots/bot-actions'
import { BotFacts } from '@/features/bots/bot-facts'
import { CrashNote } from '@/features/bots/crash-note'
import { HoldNote } from '@/features/bots/hold-note'
import { LimitsBars } from '@/features/limits/limits-bars'
import { MandateNote } from '@/features/mandates/mandate-note'
import { PanicFacts } from '@/features/panic/panic-state'
import type { BotView, CardOf } from '@/lib/api/types'

import { BotHeadline } from './bot-card'
import { useLiveBot } from './live-bot'

/** Actions after which the whole of the bot is worth reading again. */
const DESCRIBED = new Set(['create_bot', 'edit_bot'])

/** What was really done, read back from what was changed. */
export function ReceiptCard({ card }: { card: CardOf<'receipt'> }) {
  return card.bot ? <BotReceipt card={card} bot={card.bot} /> : <PlainReceipt card={card} />
}

function useTitle(card: CardOf<'receipt'>): string {
  const { t } = useTranslation()
  return t('card.receipt', { action: t(`action.${card.action}`), id: String(card.audit_id) })
}

function BotReceipt({ card, bot: then }: { card: CardOf<'receipt'>; bot: BotView }) {
  const { t } = useTranslation()
  const title = useTitle(card)
  const { bot, gone } = useLiveBot(then)
  return (
    <CardFrame
      kind="receipt"
      title={title}
      Icon={BadgeCheck}
      tone="good"
      at={card.at}
      mode={bot.spec.mode}
      actions={!gone && <BotActions bot={bot} as="buttons" />}
    >
      <div className="space-y-0.5">
        <BotHeadline bot={bot} gone={gone} />
        <p className="text-[13px] text-muted-foreground">
          {t(`receipt.${card.action}`, { name: then.spec.name })}
        </p>
      </div>
      {!gone && (
        <>
          <CrashNote bot={bot} />
          <HoldNote bot={bot} />
          <MandateNote bot={bot} />
          {DESCRIBED.has(card.action) && <BotFacts bot={bot} />}
        </>
      )}
    </CardFrame>
  )
}

function PlainReceipt({ card }: { card: CardOf<'receipt'> }) {
  const { t } = useTranslation()
  const title = useTitle(card)
  return (
    <CardFrame kind="receipt" title={title} Icon={BadgeCheck} tone="good" at={card.at}>
      <p>{t(`receipt.${card.action}`, { name: card.strategy?.name ?? '' })}</p>
      {card.guard?.panic && <PanicFacts panic={card.guard.panic} />}
      {card.limits && <LimitsBars view={card.limits} />}
    </CardFrame>
  )
}
