import { Lock, LockOpen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Field } from '@/components/field'
import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog'
import { Select } from '@/components/ui/select'
import { sayFailure } from '@/lib/api/failure'
import type { BotView } from '@/lib/api/types'
import { formatSpan } from '@/lib/duration'

import { useLockPair, useUnlockPair } from './api'

const SPANS_MIN = [15, 60, 240, 1_440, 10_080] as const

/** Keeps a bot out of a pair for some time, or lets it back in. */
export function LockDialog({
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
      <DialogContent data-testid="lock-dialog">
        <DialogTitle>{t('orders.lock.title', { name: bot.spec.name })}</DialogTitle>
        <DialogDescription>{t('orders.lock.text')}</DialogDescription>
        <LockForm bot={bot} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  )
}

function LockForm({ bot, onDone }: { bot: BotView; onDone: () => void }) {
  const { t, i18n } = useTranslation()
  const [pair, setPair] = useState(bot.spec.pairs[0] ?? '')
  const [minutes, setMinutes] = useState<number>(SPANS_MIN[1])
  const lock = useLockPair(bot)
  const unlock = useUnlockPair(bot)
  const error = lock.error ?? unlock.error
  const isPending = lock.isPending || unlock.isPending
  return (
    <div className="space-y-3.5">
      <Field id="lock-pair" label={t('trades.pair')}>
        <Select
          id="lock-pair"
          className="w-full"
          value={pair}
          onChange={(event) => setPair(event.target.value)}
        >
          {bot.spec.pairs.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
      </Field>
      <Field id="lock-minutes" label={t('orders.lock.span')}>
        <Select
          id="lock-minutes"
          className="w-full"
          value={minutes}
          onChange={(event) => setMinutes(Number(event.target.value))}
        >
          {SPANS_MIN.map((span) => (
            <option key={span} value={span}>
              {formatSpan(span * 60, i18n.language)}
            </option>
          ))}
        </Select>
      </Field>
      {error && <ErrorNote>{sayFailure(error, t, i18n.language)}</ErrorNote>}
      <div className="flex justify-end gap-2 pt-1">
        <Button
          variant="outline"
          disabled={isPending}
          onClick={() => unlock.mutate(pair, { onSuccess: onDone })}
          data-testid="confirm-unlock"
        >
          <LockOpen aria-hidden />
          {t('orders.lock.undo')}
        </Button>
        <Button
          disabled={isPending}
          onClick={() => lock.mutate({ pair, minutes }, { onSuccess: onDone })}
          data-testid="confirm-lock"
        >
          <Lock aria-hidden />
          {t('orders.lock.do')}
        </Button>
      </div>
    </div>
  )
}
