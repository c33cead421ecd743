import { useTranslation } from 'react-i18next'

import type { Run, Thread } from './events'

const LONGEST = 400

function textOf(run: Run): string {
  return run.parts
    .flatMap((part) => (part.type === 'text' || part.type === 'error' ? [part.text] : []))
    .join(' ')
    .slice(0, LONGEST)
}

/** Tells a screen reader that an answer is coming, and then the whole of it: not every word as it streams. */
export function Announcer({ thread }: { thread: Thread }) {
  const { t } = useTranslation()
  const last = thread.runs.at(-1)
  return (
    <p className="sr-only" role="status" aria-live="polite" aria-atomic>
      {last && (last.state === 'running' ? t('chat.working') : textOf(last))}
    </p>
  )
}
