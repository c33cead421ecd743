import { CircleOff, Coins, FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { AskDialog } from '@/components/ask-dialog'
import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import { useSetLimits } from '@/features/limits/api'
import { WaitingLoosenings } from '@/features/limits/waiting'
import { useOpenProposals } from '@/features/proposals/api'
import { useStatus } from '@/features/status/api'
import { sayFailure } from '@/lib/api/failure'
import type { ProposalView } from '@/lib/api/types'
import { cn } from '@/lib/cn'

/** Venues whose money is made up, so that even real-money mode risks none. */
const PRETEND = new Set(['demo', 'binance-testnet'])

/** Whether bots may trade with real money, in the largest words of the page, and how to change it. */
export function RealMoneySwitch({ enabled }: { enabled: boolean }) {
  const { t, i18n } = useTranslation()
  const venue = useStatus().data?.venue.name
  const setLimits = useSetLimits(null)
  const asked = useOpenProposals().some(enablesRealMoney)
  const Icon = enabled ? Coins : CircleOff
  const form = enabled ? 'on' : 'off'
  return (
    <section
      className={cn(
        'space-y-3 rounded-lg p-4',
        enabled ? 'border-2 border-real bg-real/10' : 'border border-dashed bg-card',
      )}
      data-testid="real-money"
      data-enabled={enabled}
    >
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <Icon
          className={cn('size-7 shrink-0', enabled ? 'text-real' : 'text-muted-foreground')}
          aria-hidden
        />
        <div className="min-w-0 flex-1 basis-60 text-pretty">
          <p className={cn('text-lg leading-tight font-semibold', enabled && 'text-real')}>
            {t(`live.${form}`)}
          </p>
          <p className="mt-1 max-w-[65ch] text-[13px]">
            {t(`live.${form}.means`, { venue: t([`venue.${venue}`, venue ?? '–']) })}
          </p>
          {!enabled && (
            <p className="mt-1 max-w-[65ch] text-xs text-muted-foreground">{t('live.enableHow')}</p>
          )}
        </div>
        {enabled ? (
          <TurnOff isPending={setLimits.isPending} onOff={() => setLimits.mutate(OFF)} />
        ) : (
          !asked && (
            <Button
              disabled={setLimits.isPending}
              onClick={() => setLimits.mutate(ON)}
              data-testid="live-enable"
            >
              <Coins aria-hidden />
              {t('live.enable')}
            </Button>
          )
        )}
      </div>
      {venue !== undefined && PRETEND.has(venue) && (
        <p className="flex items-start gap-1.5 text-xs text-pretty" data-testid="pretend-money">
          <FlaskConical className="mt-px size-3.5 shrink-0" aria-hidden />
          {t(`live.pretend.${venue}`)}
        </p>
      )}
      {setLimits.isError && <ErrorNote>{sayFailure(setLimits.error, t, i18n.language)}</ErrorNote>}
      <WaitingLoosenings of={enablesRealMoney} />
    </section>
  )
}

const ON = { live_enabled: true }
const OFF = { live_enabled: false }

function enablesRealMoney({ action }: ProposalView): boolean {
  return (action.changes as { live_enabled?: unknown } | undefined)?.live_enabled === true
}

/** Asks back: it holds at once, and the way back takes a word and a wait. */
function TurnOff({ isPending, onOff }: { isPending: boolean; onOff: () => void }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button
        variant="outline"
        className="border-destructive/60 text-destructive hover:bg-destructive/10"
        disabled={isPending}
        onClick={() => setAsking(true)}
        data-testid="live-disable"
      >
        <CircleOff aria-hidden />
        {t('live.disable')}
      </Button>
      <AskDialog
        title={t('live.disable.title')}
        text={t('live.disable.text')}
        action={t('live.disable')}
        destructive
        testId="live-disable"
        open={asking}
        onOpenChange={setAsking}
        onConfirm={onOff}
      />
    </>
  )
}
