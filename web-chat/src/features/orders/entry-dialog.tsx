import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { errorProps } from '@/components/error-props'
import { Field } from '@/components/field'
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
import { Select } from '@/components/ui/select'
import { sayFailure } from '@/lib/api/failure'
import type { BotView } from '@/lib/api/types'
import { formatExact, readAmount } from '@/lib/money'

import { useForceEntry } from './api'

/** Has a bot buy a pair now, whatever its strategy says. */
export function EntryDialog({
  bot,
  open,
  onOpenChange,
}: {
  bot: BotView
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent data-testid="entry-dialog">
        <DialogTitle>{t('orders.entry.title', { name: bot.spec.name })}</DialogTitle>
        <DialogDescription>{t('orders.entry.text')}</DialogDescription>
        <EntryForm bot={bot} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  )
}

function EntryForm({ bot, onDone }: { bot: BotView; onDone: () => void }) {
  const { t, i18n } = useTranslation()
  const { spec, stake_currency: currency } = bot
  const [pair, setPair] = useState(spec.pairs[0] ?? '')
  const [stake, setStake] = useState('')
  const [price, setPrice] = useState('')
  const enter = useForceEntry(bot)
  const amounts = { stake: readAmount(stake), price: readAmount(price) }
  const isReady = amounts.stake !== undefined && amounts.price !== undefined

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    const { stake, price } = amounts
    if (stake === undefined || price === undefined) return
    enter.mutate({ pair, stake, price }, { onSuccess: onDone })
  }

  return (
    <form onSubmit={submit} className="space-y-3.5" noValidate>
      <Field id="entry-pair" label={t('trades.pair')}>
        <Select
          id="entry-pair"
          className="w-full"
          value={pair}
          onChange={(event) => setPair(event.target.value)}
        >
          {spec.pairs.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
      </Field>
      <AmountField
        id="entry-stake"
        label={t('field.stake')}
        unit={currency}
        placeholder={formatExact(spec.stake, i18n.language)}
        value={stake}
        isWrong={amounts.stake === undefined}
        onChange={setStake}
      />
      <AmountField
        id="entry-price"
        label={t('orders.entry.limit')}
        unit={currency}
        placeholder={t('value.price.none')}
        value={price}
        isWrong={amounts.price === undefined}
        onChange={setPrice}
      />
      {enter.isError && <ErrorNote>{sayFailure(enter.error, t, i18n.language)}</ErrorNote>}
      <div className="flex justify-end gap-2 pt-1">
        <DialogClose asChild>
          <Button variant="outline">{t('common.cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={!isReady || enter.isPending} data-testid="confirm-entry">
          {t('orders.entry.do')}
        </Button>
      </div>
    </form>
  )
}

export function AmountField({
  id,
  label,
  unit,
  placeholder,
  value,
  isWrong,
  onChange,
}: {
  id: string
  label: string
  unit: string
  placeholder: string
  value: string
  isWrong: boolean
  onChange: (value: string) => void
}) {
  const { t } = useTranslation()
  const error = isWrong ? t('limits.error.amount') : undefined
  return (
    <Field id={id} label={label} unit={unit} error={error}>
      <Input
        {...errorProps(id, error)}
        inputMode="decimal"
        className="pr-16 text-right num"
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid={id}
      />
    </Field>
  )
}
