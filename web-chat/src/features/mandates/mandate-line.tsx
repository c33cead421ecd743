import { BadgeCheck, BadgeMinus, BadgeX } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { BotView } from '@/lib/api/types'
import { cn } from '@/lib/cn'
import { formatTime } from '@/lib/time'

import { isAtWork, mandateOf, sayReason } from './say'

/** In one line, whether what a person confirmed of a bot holds; nothing for a simulated one. */
export function MandateLine({ bot, className }: { bot: BotView; className?: string }) {
  const { t, i18n } = useTranslation()
  const mandate = mandateOf(bot)
  if (!mandate) return null
  const { status, at } = mandate
  const isMissed = status !== 'valid' && isAtWork(bot)
  const Icon = status === 'valid' ? BadgeCheck : isMissed ? BadgeX : BadgeMinus
  const colour = status === 'valid' ? 'text-real' : isMissed ? 'text-loss' : 'text-muted-foreground'
  return (
    <p
      className={cn('flex items-start gap-1 text-xs text-pretty', colour, className)}
      data-testid="mandate"
      data-mandate={status}
    >
      <Icon className="mt-px size-3.5 shrink-0" aria-hidden />
      <span>
        {t(`confirmation.line.${status}`, {
          at: at ? formatTime(at, i18n.language) : '–',
          reason: sayReason(mandate, t, i18n.language),
        })}
      </span>
    </p>
  )
}
