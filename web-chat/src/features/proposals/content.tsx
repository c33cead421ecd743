import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { type Speech, type Value, valuesOf } from '@/features/actions/words'
import { useLimits } from '@/features/limits/api'
import { LIST_FIELDS, NUMBER_FIELDS } from '@/features/limits/fields'
import type { BotView, LimitsView, ProposalView } from '@/lib/api/types'

import { EffectBars } from './effect-bars'
import { PreviewNote } from './preview-note'

/** The whole of what would be done: every value of it, what it changes of what can be lost, and what it would have let pass. */
export function Content({
  proposal,
  speech,
  bot,
}: {
  proposal: ProposalView
  speech: Speech
  /** As it is now, to compare with; null where that says nothing any more. */
  bot: BotView | null | undefined
}) {
  const limits = useLimits().data
  const now = bot === null && proposal.bot_id !== null ? {} : nowOf(proposal, bot, limits)
  const values = valuesOf(proposal.action, speech, now)
  return (
    <>
      <Values values={values} />
      {proposal.effect && <EffectBars effect={proposal.effect} currency={speech.currency} />}
      {proposal.preview && <PreviewNote preview={proposal.preview} currency={speech.currency} />}
    </>
  )
}

/** A bot that has no limits of its own. */
const NONE_OF_ITS_OWN = Object.fromEntries(
  [...NUMBER_FIELDS, ...LIST_FIELDS].map((field) => [field, null]),
)

/** What the values of a proposal are now, as far as it changes some. */
function nowOf(
  { action_kind, bot_id, status }: ProposalView,
  bot: BotView | null | undefined,
  view: LimitsView | undefined,
): Readonly<Record<string, unknown>> {
  if (status !== 'pending' && status !== 'waiting') return {}
  switch (action_kind) {
    case 'edit_bot':
      return { ...bot?.spec }
    case 'change_mode':
      return bot ? { mode: bot.spec.mode } : {}
    case 'set_limits':
      return { ...view?.limits }
    case 'set_bot_limits':
      return view ? { ...NONE_OF_ITS_OWN, ...view.limits.bots?.[bot_id ?? ''] } : {}
    default:
      return {}
  }
}

function Values({ values }: { values: readonly Value[] }) {
  const { t } = useTranslation()
  if (values.length === 0) return null
  return (
    <dl
      className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 text-[13px]"
      data-testid="proposal-values"
    >
      {values.map(({ name, label, text, before, long }) => (
        <div key={name} className="col-span-2 grid grid-cols-subgrid items-baseline">
          <dt className="text-xs text-muted-foreground first-letter:uppercase">{label}</dt>
          {long ? (
            <dd className="col-span-2 mt-1">
              <pre
                tabIndex={0}
                role="region"
                aria-label={label}
                className="max-h-72 overflow-auto rounded-md bg-muted p-2 font-mono text-[11px] leading-relaxed"
              >
                {text}
              </pre>
            </dd>
          ) : (
            <dd className="break-words num whitespace-normal">
              {before !== undefined && (
                <>
                  <span className="text-muted-foreground">{before}</span>
                  <ArrowRight className="mx-1 inline size-3 text-muted-foreground" aria-hidden />
                  <span className="sr-only">{t('proposals.becomes')}</span>
                </>
              )}
              {text}
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}
