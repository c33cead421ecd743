import { FileCode, ScrollText } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { CardFrame } from '@/components/card-frame'
import { EmptyNote } from '@/components/note'
import { LogLines } from '@/features/bots/log-lines'
import type { CardOf } from '@/lib/api/types'

export function LogCard({ card, at }: { card: CardOf<'log'>; at: string }) {
  const { t } = useTranslation()
  return (
    <CardFrame
      kind="log"
      title={t('card.log', { name: card.bot_name })}
      Icon={ScrollText}
      at={at}
      flush
    >
      {card.lines.length === 0 ? (
        <EmptyNote>{t('bots.noLog')}</EmptyNote>
      ) : (
        <LogLines lines={card.lines} />
      )}
    </CardFrame>
  )
}

/** A strategy's source, as it is kept. */
export function SourceCard({ card, at }: { card: CardOf<'source'>; at: string }) {
  const { t } = useTranslation()
  const title = t('card.source', { name: card.name })
  return (
    <CardFrame kind="source" title={title} Icon={FileCode} at={at} flush>
      <pre
        tabIndex={0}
        role="region"
        aria-label={title}
        className="max-h-96 overflow-auto bg-muted p-3 font-mono text-[11px] leading-relaxed"
      >
        {card.source}
      </pre>
    </CardFrame>
  )
}
