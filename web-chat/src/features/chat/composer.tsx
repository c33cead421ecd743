import { ArrowUp, Square } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'

import { useFills } from './drafts'

/** On a touch screen the focus would bring up the keyboard over the page. */
const hasKeyboard = matchMedia('(pointer: fine)').matches

export function Composer({
  text,
  onText,
  onSend,
  onStop,
  isSending,
  problem,
}: {
  text: string
  onText: (text: string) => void
  onSend: () => void
  /** Given while an answer is being made; what is sent meanwhile is answered next. */
  onStop: (() => void) | undefined
  isSending: boolean
  problem: string | undefined
}) {
  const { t } = useTranslation()
  const box = useRef<HTMLTextAreaElement>(null)
  const fills = useFills()
  const isEmpty = !text.trim()

  useEffect(() => {
    if (fills > 0) box.current?.focus()
  }, [fills])

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    if (!isSending) onSend()
  }

  return (
    <div className="mx-auto w-full max-w-[760px] px-4 pb-3">
      {problem && <ErrorNote className="mb-2">{problem}</ErrorNote>}
      <div className="flex items-end gap-2 rounded-lg border border-input bg-card p-1.5 shadow-xs transition-colors focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/30">
        <textarea
          ref={box}
          rows={1}
          autoFocus={hasKeyboard}
          value={text}
          maxLength={8000}
          aria-label={t('chat.say')}
          placeholder={t('chat.placeholder')}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-44 min-h-8 flex-1 resize-none bg-transparent px-2 py-1.5 leading-5 outline-none placeholder:text-muted-foreground max-md:text-base"
          data-testid="composer-input"
        />
        {onStop && (
          <Button
            variant="secondary"
            size="icon"
            className="size-8"
            aria-label={t('chat.stop')}
            title={t('chat.stop')}
            onClick={onStop}
            data-testid="stop-button"
          >
            <Square className="fill-current" />
          </Button>
        )}
        {(!onStop || !isEmpty) && (
          <Button
            size="icon"
            className="size-8"
            aria-label={t('chat.send')}
            disabled={isSending || isEmpty}
            onClick={onSend}
            data-testid="send-button"
          >
            <ArrowUp />
          </Button>
        )}
      </div>
    </div>
  )
}
