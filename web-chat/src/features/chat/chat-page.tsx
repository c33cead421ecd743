import { useParams } from '@tanstack/react-router'
import { useCallback, useEffect, useRef } from 'react'
import { toast } from 'sonner'
import { useTranslation } from 'react-i18next'

import { sayFailure } from '@/lib/api/failure'

import { useCancelRun } from './api'
import { Composer } from './composer'
import { ConversationMenu } from './conversation-menu'
import { FirstWords } from './first-words'
import { MessageList } from './message-list'
import { runningRun } from './reduce'
import { useThread } from './thread-store'
import { useComposer } from './use-composer'

export function ChatPage() {
  const { conversationId } = useParams({ strict: false })
  const { t, i18n } = useTranslation()
  const thread = useThread(conversationId)
  const composer = useComposer(conversationId)
  const cancel = useCancelRun(conversationId)
  const running = runningRun(thread)

  // The same function for every drawing, so that a turn that did not change is not drawn again.
  const send = useRef(composer.send)
  useEffect(() => {
    send.current = composer.send
  })
  const say = useCallback((text: string) => void send.current(text), [])

  function stop(runId: string) {
    cancel.mutate(runId, {
      onError: (error) => toast.error(sayFailure(error, t, i18n.language)),
    })
  }

  return (
    <div className="flex h-full min-w-0 flex-col">
      <ConversationMenu conversationId={conversationId} />
      <MessageList
        conversationId={conversationId}
        thread={thread}
        empty={conversationId === undefined ? <FirstWords onSay={say} /> : null}
        onSay={say}
      />
      <Composer
        text={composer.text}
        onText={composer.setText}
        onSend={() => say(composer.text)}
        onStop={running ? () => stop(running.id) : undefined}
        isSending={composer.isSending}
        problem={composer.problem}
      />
    </div>
  )
}
