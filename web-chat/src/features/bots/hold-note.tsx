import { CirclePlay, ShieldAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import { When } from '@/components/when'
import type { BotView } from '@/lib/api/types'
import { sayHold } from '@/lib/names'

import { useCommand } from './use-command'

/** Asks for a bot that the guard has paused to enter again: that takes a person's word. */
export function ResumeButton({ bot }: { bot: BotView }) {
  const { t } = useTranslation()
  const { run, isPending } = useCommand()
  return (
    <Button
      variant="outline"
      size="sm"
      disabled={isPending}
      onClick={() => run(bot, bot.health === 'off' ? 'start' : 'resume')}
      data-testid="hold-resume"
    >
      <CirclePlay aria-hidden />
      {t('bots.command.resume')}
    </Button>
  )
}

/** Why the guard has paused a bot; nothing for one that it has not. */
export function HoldNote({ bot }: { bot: BotView }) {
  const { t, i18n } = useTranslation()
  const { hold } = bot
  if (!hold) return null
  return (
    <div
      className="flex flex-wrap items-start gap-2 rounded-md border-2 border-foreground/25 bg-secondary px-3 py-2 text-[13px]"
      data-testid="hold-note"
    >
      <ShieldAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium text-pretty">
          {sayHold(hold.rule, hold.numbers, t, i18n.language)}
        </p>
        <p className="text-xs text-muted-foreground">
          <When at={hold.at} className="num" /> · {t('hold.resume')}
        </p>
      </div>
      <ResumeButton bot={bot} />
    </div>
  )
}
