import { type LucideIcon, OctagonX, Siren } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
} from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { useOpenTrades } from '@/features/trades/api'
import { sayFailure } from '@/lib/api/failure'

import { usePressPanic } from './api'

/** The second step of the panic stop: which of its two forms. */
export function PanicDialog({
  open,
  onOpenChange,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  return (
    <AlertDialog open={open} onOpenChange={onOpenChange}>
      <AlertDialogContent
        ref={box}
        tabIndex={-1}
        // A key that is still held down from opening it chooses nothing.
        onOpenAutoFocus={(event) => {
          event.preventDefault()
          box.current?.focus()
        }}
        data-testid="panic-dialog"
      >
        <div className="space-y-1">
          <AlertDialogTitle>{t('panic.title')}</AlertDialogTitle>
          <AlertDialogDescription>{t('panic.lead')}</AlertDialogDescription>
        </div>
        <Choices onDone={() => onOpenChange(false)} />
      </AlertDialogContent>
    </AlertDialog>
  )
}

function Choices({ onDone }: { onDone: () => void }) {
  const { t, i18n } = useTranslation()
  const open = useOpenTrades().data?.length ?? 0
  const press = usePressPanic()
  const choose = (exit: boolean) => press.mutate(exit, { onSuccess: onDone })
  const pressed = press.isPending ? press.variables : null
  return (
    <div className="space-y-2.5">
      <Choice
        Icon={OctagonX}
        title={t(pressed === false ? 'panic.pressing' : 'panic.press')}
        text={t('panic.pressWhat')}
        disabled={press.isPending}
        onChoose={() => choose(false)}
        testId="panic-stop"
      />
      <Choice
        Icon={Siren}
        title={t(pressed === true ? 'panic.pressing' : 'panic.press_exit')}
        text={t('panic.pressExitWhat', { count: open })}
        disabled={press.isPending}
        onChoose={() => choose(true)}
        testId="panic-exit"
      />
      {press.isError && <ErrorNote>{sayFailure(press.error, t, i18n.language)}</ErrorNote>}
      <div className="flex justify-end pt-1">
        <AlertDialogCancel asChild>
          <Button variant="outline">{t('common.cancel')}</Button>
        </AlertDialogCancel>
      </div>
    </div>
  )
}

function Choice({
  Icon,
  title,
  text,
  disabled,
  onChoose,
  testId,
}: {
  Icon: LucideIcon
  title: string
  text: string
  disabled: boolean
  onChoose: () => void
  testId: string
}) {
  return (
    <button
      type="button"
      disabled={disabled}
      onClick={onChoose}
      className="flex w-full items-start gap-3 rounded-lg border-2 border-destructive/60 px-3.5 py-3 text-left transition-colors outline-none hover:bg-destructive/10 focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-offset-2 focus-visible:ring-offset-popover disabled:opacity-60"
      data-testid={testId}
    >
      <Icon className="mt-0.5 size-5 shrink-0 text-destructive" aria-hidden />
      <span className="min-w-0">
        <span className="block font-semibold text-destructive">{title}</span>
        <span className="mt-0.5 block text-xs text-muted-foreground">{text}</span>
      </span>
    </button>
  )
}
