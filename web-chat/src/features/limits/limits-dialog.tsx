import { useTranslation } from 'react-i18next'

import { Dialog, DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog'
import { useBot } from '@/features/bots/api'

import { useLimits } from './api'
import { LimitsForm } from './limits-form'
import { WaitingLoosenings } from './waiting'

/** Edits the limits of all bots, or with an id those of one. */
export function LimitsDialog({
  open,
  botId,
  onOpenChange,
}: {
  open: boolean
  botId: string | null
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation()
  const { data } = useLimits()
  const name = useBot(botId ?? '')?.spec.name ?? ''
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="max-w-xl scroll-pb-20" data-testid="limits-dialog">
        <DialogTitle>
          {botId === null ? t('limits.edit') : t('limits.editBot', { name })}
        </DialogTitle>
        <DialogDescription>
          {t(botId === null ? 'limits.editLead' : 'limits.editBotLead')}
        </DialogDescription>
        <WaitingLoosenings
          of={botId === null ? undefined : (proposal) => proposal.bot_id === botId}
        />
        {data && (
          <LimitsForm
            scope={
              botId === null
                ? { all: data.limits }
                : { all: data.limits, own: data.limits.bots?.[botId] ?? {} }
            }
            botId={botId}
            currency={data.stake_currency}
            onDone={() => onOpenChange(false)}
          />
        )}
      </DialogContent>
    </Dialog>
  )
}
