import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from 'sonner'

import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogTitle,
} from '@/components/ui/dialog'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { sayFailure } from '@/lib/api/failure'
import type { LimitsView } from '@/lib/api/types'

import { useLimits, useSetLimits } from './api'
import { AMOUNTS, changeOf, type Draft, draftOf, errorsOf } from './change'

export function LimitsDialog({
  open,
  onOpenChange,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation()
  const { data } = useLimits()
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent data-testid="limits-dialog">
        <DialogTitle>{t('limits.edit')}</DialogTitle>
        <DialogDescription>{t('limits.editLead')}</DialogDescription>
        {data && <LimitsForm view={data} onDone={() => onOpenChange(false)} />}
      </DialogContent>
    </Dialog>
  )
}

function LimitsForm({ view, onDone }: { view: LimitsView; onDone: () => void }) {
  const { t, i18n } = useTranslation()
  const [draft, setDraft] = useState<Draft>(() => draftOf(view.limits))
  const setLimits = useSetLimits()
  const errors = errorsOf(draft)
  const change = changeOf(view.limits, draft)
  const set = (field: keyof Draft, value: string) => setDraft({ ...draft, [field]: value })

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    if (!change || Object.keys(errors).length > 0) return
    setLimits.mutate(change, {
      onSuccess: () => {
        toast.success(t('receipt.set_limits'))
        onDone()
      },
    })
  }

  return (
    <form onSubmit={submit} className="space-y-3.5" noValidate>
      {AMOUNTS.map((field) => (
        <Field key={field} name={field} error={errors[field]} unit={view.stake_currency}>
          <Input
            id={field}
            inputMode="decimal"
            className="pr-16 text-right num"
            value={draft[field]}
            aria-invalid={errors[field] !== undefined || undefined}
            aria-describedby={errors[field] && `${field}-error`}
            onChange={(event) => set(field, event.target.value)}
            data-testid={`limit-${field}`}
          />
        </Field>
      ))}
      <Field name="blocked_pairs" error={errors.blocked_pairs}>
        <Input
          id="blocked_pairs"
          placeholder="DOGE/USDT, SHIB/USDT"
          value={draft.blocked_pairs}
          aria-invalid={errors.blocked_pairs !== undefined || undefined}
          aria-describedby={errors.blocked_pairs && 'blocked_pairs-error'}
          onChange={(event) => set('blocked_pairs', event.target.value)}
          data-testid="limit-blocked_pairs"
        />
      </Field>
      {setLimits.isError && <ErrorNote>{sayFailure(setLimits.error, t, i18n.language)}</ErrorNote>}
      <div className="flex justify-end gap-2 pt-1">
        <DialogClose asChild>
          <Button variant="outline">{t('common.cancel')}</Button>
        </DialogClose>
        <Button
          type="submit"
          disabled={!change || Object.keys(errors).length > 0 || setLimits.isPending}
          data-testid="limits-save"
        >
          {t('limits.save')}
        </Button>
      </div>
    </form>
  )
}

function Field({
  name,
  error,
  unit,
  children,
}: {
  name: keyof Draft
  error: string | undefined
  unit?: string
  children: React.ReactNode
}) {
  const { t } = useTranslation()
  return (
    <div className="space-y-1">
      <Label htmlFor={name} className="first-letter:uppercase">
        {t(`limits.field.${name}`)}
      </Label>
      <div className="relative">
        {children}
        {unit && (
          <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-xs text-muted-foreground">
            {unit}
          </span>
        )}
      </div>
      {error && (
        <p id={`${name}-error`} className="text-xs text-destructive" role="alert">
          {t(`limits.error.${error}`)}
        </p>
      )}
    </div>
  )
}
