import { useTranslation } from 'react-i18next'

import { errorProps } from '@/components/error-props'
import { Field } from '@/components/field'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { Switch } from '@/components/ui/switch'
import { formatSpan } from '@/lib/duration'

import { type Draft, type DraftErrors, PAIR, PATTERN, type Scope } from './change'
import { limitOf, type NumberField, NUMBERS } from './fields'
import { PairsEditor } from './pairs-editor'
import { sayLimit } from './say'

/** What the inputs of the form share. */
interface Writing {
  scope: Scope
  draft: Draft
  errors: DraftErrors
  currency: string
  set: (change: Partial<Draft>) => void
}

/** One number of the limits; for a bot with what holds for all below it. */
export function NumberInput({
  field,
  scope,
  draft,
  errors,
  currency,
  set,
}: Writing & { field: NumberField }) {
  const { t, i18n } = useTranslation()
  const { unit } = NUMBERS[field]
  const error = errors[field]
  const speech = { t, locale: i18n.language, currency }
  const ofAll = limitOf(field, scope.all, undefined)
  const seconds = Number(draft[field])
  const span = unit === 'seconds' && seconds >= 60 ? formatSpan(seconds, i18n.language) : undefined
  return (
    <Field
      id={field}
      label={t(`limits.field.${field}`)}
      unit={unit === 'money' ? currency : unit === 'seconds' ? 's' : undefined}
      hint={scope.own ? t('limits.ofAll', { value: sayLimit(field, ofAll, speech) }) : span}
      error={error && t(`limits.error.${error}`, { value: sayLimit(field, ofAll, speech) })}
    >
      <Input
        {...errorProps(field, error)}
        inputMode={unit === 'money' ? 'decimal' : 'numeric'}
        className={unit === 'count' ? 'text-right num' : 'pr-16 text-right num'}
        value={draft[field]}
        placeholder={scope.own ? t('limits.asForAll') : undefined}
        onChange={(event) => set({ [field]: event.target.value })}
        data-testid={`limit-${field}`}
      />
    </Field>
  )
}

export function PairLists({ scope, draft, errors, set }: Writing) {
  const { t } = useTranslation()
  return (
    <fieldset className="space-y-3">
      <legend className="text-xs font-semibold text-muted-foreground">
        {t('limits.group.pairs')}
      </legend>
      <PairsEditor
        id="blocked_pairs"
        label={t('limits.field.blocked_pairs')}
        hint={t(scope.own ? 'limits.blockedHintBot' : 'limits.blockedHint')}
        placeholder="DOGE/USDT, SHIB/USDT"
        pairs={draft.blocked_pairs}
        valid={PAIR}
        error={t('limits.error.pairs')}
        onChange={(pairs) => set({ blocked_pairs: pairs })}
      />
      <PairsEditor
        id="allowed_pairs"
        label={t('limits.field.allowed_pairs')}
        hint={t(scope.own ? 'limits.allowedHintBot' : 'limits.allowedHint')}
        placeholder="*/USDT"
        pairs={draft.allowed_pairs}
        valid={PATTERN}
        error={t('limits.error.patterns')}
        onChange={(pairs) => set({ allowed_pairs: pairs })}
      />
      {errors.allowed_pairs === 'looserThanAll' && (
        <p className="text-xs text-destructive" role="alert">
          {t('limits.error.looserThanAll', { value: scope.all.allowed_pairs.join(', ') })}
        </p>
      )}
    </fieldset>
  )
}

export function LiveSwitch({ draft, set }: Writing) {
  const { t } = useTranslation()
  return (
    <div className="flex items-center justify-between gap-3 rounded-lg border border-real/60 px-3 py-2.5">
      <div>
        <Label htmlFor="live_enabled" className="text-sm">
          {t('limits.liveSwitch')}
        </Label>
        <p className="text-[11px] text-muted-foreground">{t('limits.liveHint')}</p>
      </div>
      <Switch
        id="live_enabled"
        checked={draft.live_enabled}
        onCheckedChange={(checked) => set({ live_enabled: checked })}
        data-testid="limit-live_enabled"
      />
    </div>
  )
}
