import { ArrowDown } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'

import { Announcer } from './announcer'
import type { Run, Thread } from './events'
import { RunView } from './run-view'
import { useStickToEnd } from './use-stick-to-end'

/** What came by itself, without anybody saying something. */
function isNotice(run: Run | undefined): boolean {
  return run?.said === null
}

export function MessageList({
  conversationId,
  thread,
  empty,
  onSay,
}: {
  conversationId: string | undefined
  thread: Thread
  empty: ReactNode
  onSay: (text: string) => void
}) {
  const { t } = useTranslation()
  const { box, content, isAway, toEnd } = useStickToEnd(conversationId)
  const lastSaid = thread.runs.findLast((run) => run.said !== null)?.id

  useEffect(toEnd, [lastSaid, toEnd])

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={box} className="h-full overflow-x-hidden overflow-y-auto" data-testid="messages">
        <div ref={content} className="mx-auto max-w-[760px] px-4 py-5">
          {thread.runs.length === 0 ? (
            empty
          ) : (
            <div role="log" aria-live="off" aria-label={t('chat.messages')} className="space-y-6">
              {thread.runs.map((run, index) => (
                <RunView
                  key={run.id}
                  run={run}
                  onSay={onSay}
                  follows={isNotice(run) && isNotice(thread.runs[index - 1])}
                />
              ))}
            </div>
          )}
        </div>
      </div>
      <Announcer thread={thread} />
      {isAway && thread.runs.length > 0 && (
        <Button
          variant="outline"
          size="sm"
          className="absolute bottom-2 left-1/2 -translate-x-1/2 rounded-full shadow-md"
          onClick={toEnd}
        >
          <ArrowDown aria-hidden />
          {t('chat.toEnd')}
        </Button>
      )}
    </div>
  )
}
