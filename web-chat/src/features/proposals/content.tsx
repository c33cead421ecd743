import { Becomes } from '@/components/becomes'
import type { Speech, Value } from '@/features/actions/words'
import type { BotView, ProposalView } from '@/lib/api/types'

import { bindingOf, BOUND } from './binding'
import { BindingNote } from './binding-note'
import { differenceOf } from './difference'
import { DifferenceNote } from './difference-note'
import { EffectBars } from './effect-bars'
import { PreviewNote } from './preview-note'
import { useValues } from './values'

/** The whole of what would be done: every value of it, what it binds of a bot with real money, what it changes of what can be lost, and what it would have let pass. */
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
  const binding = bindingOf(proposal)
  const values = useValues(proposal, speech, bot).filter(
    ({ name, before }) => binding === null || before !== undefined || !BOUND.has(name),
  )
  const difference = differenceOf(proposal)
  if (difference) return <DifferenceNote {...{ difference, proposal }} />
  return (
    <>
      {binding && <BindingNote {...{ binding, proposal, bot }} />}
      <Values values={values} />
      {proposal.effect && <EffectBars effect={proposal.effect} currency={speech.currency} />}
      {proposal.preview && <PreviewNote preview={proposal.preview} currency={speech.currency} />}
    </>
  )
}

function Values({ values }: { values: readonly Value[] }) {
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
              <Becomes before={before} after={text} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}
