import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import type { BotView } from '@/lib/api/types'
import { sayHealthReason } from '@/lib/health-reason'

import { LogLines } from './log-lines'

/** Why a bot crashed, with the end of its log; nothing for a bot that did not. Once it is over, nothing is left to do. */
export function CrashNote({ bot, over = false }: { bot: BotView; over?: boolean }) {
  const { t } = useTranslation()
  if (bot.health !== 'crashed') return null
  return (
    <ErrorNote>
      <p>{sayHealthReason(bot.health_reason, t)}</p>
      {!over && <p className="text-xs text-muted-foreground">{t('bots.crash.whatNow')}</p>}
      {bot.log_tail.length > 0 && (
        <details className="mt-1.5">
          <summary className="text-xs text-muted-foreground">{t('bots.crash.log')}</summary>
          <LogLines lines={bot.log_tail} className="mt-1.5 rounded-md" />
        </details>
      )}
    </ErrorNote>
  )
}
