import { memo } from 'react'
import { useTranslation } from 'react-i18next'

import { When } from '@/components/when'
import { SaidContext } from '@/features/cards/nearest'
import { cn } from '@/lib/cn'

import type { Part, Run } from './events'
import { PartView } from './part'

/** One turn of the conversation. A turn that did not change is not drawn again. */
export const RunView = memo(function RunView({
  run,
  onSay,
  follows = false,
}: {
  run: Run
  onSay: (text: string) => void
  /** A notice right after another one: it stands close to it, under the same heading. */
  follows?: boolean
}) {
  const said = run.said
  return (
    <section className={cn('space-y-4', follows && '-mt-4')} data-run={run.id}>
      {said && <UserMessage run={run} said={said} />}
      {(run.parts.length > 0 || run.state !== 'finished') && (
        <SaidContext value={said?.text ?? null}>
          <Answer run={run} follows={follows} onRetry={said ? () => onSay(said.text) : undefined} />
        </SaidContext>
      )}
    </section>
  )
})

function UserMessage({ run, said }: { run: Run; said: { text: string; door: string } }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col items-end" data-testid="message-user">
      <p className="max-w-[85%] rounded-lg rounded-br-sm bg-secondary px-3.5 py-2 leading-relaxed break-words whitespace-pre-wrap">
        <span className="sr-only">{t('chat.you')}: </span>
        {said.text}
      </p>
      <p className="mt-1 text-[11px] text-muted-foreground">
        {said.door !== 'web' && <>{t('chat.via', { door: t(`door.${said.door}`) })} · </>}
        <When at={run.at} />
      </p>
    </div>
  )
}

function Answer({ run, follows, onRetry }: { run: Run; follows: boolean; onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <div
      className="space-y-3"
      data-testid="message-assistant"
      data-state={run.state}
      aria-busy={run.state === 'running'}
    >
      <span className="sr-only">Tradehelm: </span>
      {!run.said && !follows && (
        <p className="text-[11px] text-muted-foreground">
          {t('chat.notice')}
          {/* A card tells its own time. */}
          {run.parts[0]?.type !== 'card' && (
            <>
              {' · '}
              <When at={run.at} />
            </>
          )}
        </p>
      )}
      {run.parts.map(
        (part, index) =>
          !isTold(part, run.parts[index + 1]) && (
            <PartView key={`${part.id}-${index}`} part={part} onRetry={onRetry} />
          ),
      )}
      {run.state === 'running' && !isWriting(run) && <Working />}
      {run.state === 'aborted' && (
        <p className="text-xs text-muted-foreground">{t('chat.stopped')}</p>
      )}
    </div>
  )
}

/** Whether the card that comes next says what this step did, and what became of it. */
function isTold(part: Part, next: Part | undefined): boolean {
  if (part.type !== 'tool' || next?.type !== 'card') return false
  return actionOf(next.card) === part.name
}

/** Which action a card is about: what was done or refused, or what waits for a word. */
function actionOf(card: unknown): unknown {
  if (typeof card !== 'object' || card === null) return undefined
  if ('action' in card) return card.action
  const proposal = 'proposal' in card ? card.proposal : undefined
  return typeof proposal === 'object' && proposal !== null && 'action_kind' in proposal
    ? proposal.action_kind
    : undefined
}

function isWriting({ parts }: Run): boolean {
  const last = parts.at(-1)
  return last?.type === 'text' && !last.done && last.text !== ''
}

function Working() {
  const { t } = useTranslation()
  return (
    <p className="flex items-center gap-1" data-testid="working">
      <span className="sr-only">{t('chat.working')}</span>
      {[0, 150, 300].map((delay) => (
        <span
          key={delay}
          aria-hidden
          className="size-1.5 animate-pulse rounded-full bg-muted-foreground"
          style={{ animationDelay: `${delay}ms` }}
        />
      ))}
    </p>
  )
}
