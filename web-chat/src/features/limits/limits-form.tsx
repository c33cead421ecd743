import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import { DialogClose } from '@/components/ui/dialog'
import { sayFailure } from '@/lib/api/failure'

import { useSetLimits } from './api'
import { changeOf, type Draft, draftOf, effectsOf, errorsOf, type Scope } from './change'
import { ChangeSummary } from './change-summary'
import { GROUPS, OF_ALL_ONLY } from './fields'
import { LiveSwitch, NumberInput, PairLists } from './limit-inputs'

/** The limits of all bots, or those of one: what gets tighter is set at once, what gets looser is proposed. */
export function LimitsForm({
  scope,
  botId,
  currency,
  onDone,
}: {
  scope: Scope
  botId: string | null
  currency: string
  onDone: () => void
}) {
  const { t, i18n } = useTranslation()
  const [draft, setDraft] = useState<Draft>(() => draftOf(scope))
  const setLimits = useSetLimits(botId)
  const errors = errorsOf(draft, scope)
  const change = changeOf(draft, scope)
  const isReady = change !== null && Object.keys(errors).length === 0
  const effects = isReady ? effectsOf(draft, scope) : []
  const writing = {
    scope,
    draft,
    errors,
    currency,
    set: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })),
  }

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    if (isReady)
      setLimits.mutate(change, { onSuccess: (outcome) => outcome.kind === 'receipt' && onDone() })
  }

  return (
    <form onSubmit={submit} className="space-y-4" noValidate>
      {GROUPS.map(({ key, fields }) => (
        <fieldset key={key} className="space-y-2">
          <legend className="text-xs font-semibold text-muted-foreground">
            {t(`limits.group.${key}`)}
          </legend>
          <div className="grid gap-3 sm:grid-cols-2">
            {fields
              .filter((field) => !scope.own || !OF_ALL_ONLY.has(field))
              .map((field) => (
                <NumberInput key={field} field={field} {...writing} />
              ))}
          </div>
        </fieldset>
      ))}
      <PairLists {...writing} />
      {!scope.own && <LiveSwitch {...writing} />}
      {effects.length > 0 && change && (
        <ChangeSummary {...{ effects, change, currency }} ofAll={botId === null} />
      )}
      {setLimits.isError && <ErrorNote>{sayFailure(setLimits.error, t, i18n.language)}</ErrorNote>}
      <div className="sticky -bottom-5 -mx-5 -mb-5 flex flex-wrap justify-end gap-2 border-t bg-popover px-5 py-3">
        <DialogClose asChild>
          <Button variant="outline">{t('common.cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={!isReady || setLimits.isPending} data-testid="limits-save">
          {t(saveKey(effects))}
        </Button>
      </div>
    </form>
  )
}

function saveKey(effects: readonly { looser: boolean }[]): string {
  if (!effects.some(({ looser }) => looser)) return 'limits.save'
  return effects.every(({ looser }) => looser) ? 'limits.propose' : 'limits.saveAndPropose'
}
