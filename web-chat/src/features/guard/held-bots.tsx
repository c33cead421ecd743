import { Link } from '@tanstack/react-router'
import { CirclePause } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { ModeBadge } from '@/components/mode'
import { EmptyNote } from '@/components/note'
import { Panel } from '@/components/panel'
import { When } from '@/components/when'
import { useBots } from '@/features/bots/api'
import { ResumeButton } from '@/features/bots/hold-note'
import { sayHold } from '@/lib/names'

/** The bots that the guard has paused, each with its reason: only a person lets them enter again. */
export function HeldBots() {
  const { t, i18n } = useTranslation()
  const held = (useBots().data ?? []).filter(({ hold }) => hold)
  return (
    <Panel title={t('guard.held', { count: held.length })} flush>
      {held.length === 0 && <EmptyNote>{t('guard.noneHeld')}</EmptyNote>}
      <ul className="divide-y" data-testid="held-bots">
        {held.map((bot) => (
          <li key={bot.id} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2">
            <CirclePause className="size-4 shrink-0" aria-hidden />
            <div className="min-w-0 flex-1 basis-52">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Link
                  to="/bots/$botId"
                  params={{ botId: bot.id }}
                  className="truncate rounded-sm font-medium hover:underline"
                >
                  {bot.spec.name}
                </Link>
                <ModeBadge mode={bot.spec.mode} />
              </p>
              {bot.hold && (
                <p className="mt-0.5 text-xs text-pretty text-muted-foreground">
                  {sayHold(bot.hold.rule, bot.hold.numbers, t, i18n.language)} ·{' '}
                  <When at={bot.hold.at} className="num" />
                </p>
              )}
            </div>
            <ResumeButton bot={bot} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}
