import { BadgeCheck, BadgeMinus, BadgeX, CirclePlay } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import { When } from '@/components/when'
import { commandsOf } from '@/features/bots/commands'
import { useCommand } from '@/features/bots/use-command'
import type { BotView, MandateView } from '@/lib/api/types'
import { cn } from '@/lib/cn'

import { isAtWork, mandateOf, sayReason, UNREADABLE } from './say'

/** Whether what a person confirmed of a bot holds, what that means, and the way on; nothing for a simulated one. */
export function MandateNote({ bot }: { bot: BotView }) {
  const { t, i18n } = useTranslation()
  const mandate = mandateOf(bot)
  if (!mandate) return null
  const { status, at } = mandate
  const isValid = status === 'valid'
  const isMissed = !isValid && isAtWork(bot)
  const Icon = isValid ? BadgeCheck : isMissed ? BadgeX : BadgeMinus
  return (
    <div
      className={cn(
        'flex flex-wrap items-start gap-2 rounded-md border px-3 py-2 text-[13px]',
        isValid && 'border-2 border-real/60 bg-real/6',
        isMissed && 'border-2 border-loss/60 bg-loss/6',
      )}
      data-testid="mandate-note"
      data-mandate={status}
    >
      <Icon
        className={cn(
          'mt-0.5 size-4 shrink-0 text-muted-foreground',
          isValid && 'text-real',
          isMissed && 'text-loss',
        )}
        aria-hidden
      />
      <div className="min-w-0 flex-1 basis-56 text-pretty">
        <p className="font-medium">
          {t(`confirmation.${status}`, { reason: sayReason(mandate, t, i18n.language) })}
        </p>
        <p className="text-xs text-muted-foreground">
          {at && !isUnread(mandate) && (
            <>
              {t('confirmation.since')} <When at={at} className="num" /> ·{' '}
            </>
          )}
          {t(`confirmation.means.${meaningOf(bot, mandate)}`)}
        </p>
      </div>
      {!isValid && !isUnread(mandate) && <ConfirmAgain bot={bot} />}
    </div>
  )
}

/** It may still be what was confirmed: the mandate is not voided, and its time is that at which it was given. */
function isUnread({ reason }: MandateView): boolean {
  return reason === UNREADABLE
}

function meaningOf(bot: BotView, mandate: MandateView): string {
  if (mandate.status === 'valid') return 'valid'
  if (!isAtWork(bot)) return 'off'
  return isUnread(mandate) ? 'unreadable' : 'sells'
}

/** The command by which the bot would enter again: it asks a person first. */
function ConfirmAgain({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  const { run, isPending } = useCommand()
  const command = commandsOf(bot).find((one) => one === 'start' || one === 'resume')
  if (!command || bot.hold) return null
  return (
    <Button
      variant="outline"
      size="sm"
      disabled={isPending}
      onClick={() => run(bot, command)}
      data-testid="mandate-confirm"
    >
      <CirclePlay aria-hidden />
      {t(`confirmation.again.${command}`)}
    </Button>
  )
}
