import { Check, LoaderCircle, X } from 'lucide-react'
import { lazy, memo, Suspense } from 'react'
import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import { Card } from '@/features/cards/card'
import { isSaying } from '@/lib/i18n'

import type { Part, ToolState } from './events'

const loading = import('./markdown-text')
const MarkdownText = lazy(() => loading)

/** What is shown for the moment in which markdown is not loaded yet. */
const withoutMarks = (text: string) => text.replaceAll(/[*`]/g, '')

/** One part of an answer. Parts that did not change are not drawn again. */
export const PartView = memo(function PartView({
  part,
  onRetry,
}: {
  part: Part
  onRetry?: () => void
}) {
  switch (part.type) {
    case 'text':
      return (
        <Suspense fallback={<p className="whitespace-pre-wrap">{withoutMarks(part.text)}</p>}>
          <MarkdownText text={part.text} done={part.done} />
        </Suspense>
      )
    case 'tool':
      return <ToolLine name={part.name} state={part.state} />
    case 'card':
      return <Card card={part.card} at={part.at} />
    case 'error':
      return <RunError text={part.text} onRetry={onRetry} />
  }
})

const TOOL_ICONS = { running: LoaderCircle, done: Check, failed: X } as const

/** What the assistant did, in one quiet line. */
function ToolLine({ name, state }: { name: string; state: ToolState }) {
  const { t } = useTranslation()
  const Icon = TOOL_ICONS[state]
  const plain = name.replaceAll('_', ' ')
  const said = t([`tool.${name}`, `action.${name}`], { defaultValue: plain })
  return (
    <p
      className="flex items-center gap-1.5 text-xs text-muted-foreground"
      data-testid="tool-line"
      data-tool={name}
      data-state={state}
    >
      <Icon className={state === 'running' ? 'size-3 animate-spin' : 'size-3'} aria-hidden />
      <span className="first-letter:uppercase">{said}</span>
      {state === 'failed' && <span>· {t('tool.failed')}</span>}
    </p>
  )
}

function RunError({ text, onRetry }: { text: string; onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <ErrorNote
      action={
        onRetry && (
          <Button variant="outline" size="sm" onClick={onRetry}>
            {t('chat.sayAgain')}
          </Button>
        )
      }
    >
      <p>{text}</p>
      {!isSaying('problem.interrupted', text) && (
        <p className="text-xs text-muted-foreground">{t('chat.errorHint')}</p>
      )}
    </ErrorNote>
  )
}
