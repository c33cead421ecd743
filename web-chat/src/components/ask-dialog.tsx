import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import {
  AlertDialog,
  AlertDialogAction,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
} from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'

/** Asks back before something is done. */
export function AskDialog({
  title,
  text,
  action,
  destructive = false,
  disabled = false,
  open,
  onOpenChange,
  onConfirm,
  testId,
  children,
}: {
  title: string
  text: string
  action: string
  destructive?: boolean
  disabled?: boolean
  open: boolean
  onOpenChange: (open: boolean) => void
  onConfirm: () => void
  testId: string
  children?: ReactNode
}) {
  const { t } = useTranslation()
  return (
    <AlertDialog open={open} onOpenChange={onOpenChange}>
      <AlertDialogContent data-testid={`${testId}-dialog`}>
        <AlertDialogTitle>{title}</AlertDialogTitle>
        <AlertDialogDescription>{text}</AlertDialogDescription>
        {children}
        <div className="flex justify-end gap-2">
          <AlertDialogCancel asChild>
            <Button variant="outline">{t('common.cancel')}</Button>
          </AlertDialogCancel>
          <AlertDialogAction asChild>
            <Button
              variant={destructive ? 'destructive' : 'default'}
              disabled={disabled}
              onClick={onConfirm}
              data-testid={`confirm-${testId}`}
            >
              {action}
            </Button>
          </AlertDialogAction>
        </div>
      </AlertDialogContent>
    </AlertDialog>
  )
}
