import { CircleCheck, RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Ago } from '@/components/ago'
import { ErrorNote } from '@/components/note'
import { Panel } from '@/components/panel'
import { Button } from '@/components/ui/button'
import { sayFailure } from '@/lib/api/failure'
import type { LiveView } from '@/lib/api/types'
import { cn } from '@/lib/cn'
import { sayRule } from '@/lib/names'

import { useCheckLive } from './api'
import { StepRow } from './step-row'
import { stepsOf } from './steps'

/** Whether the exchange key can trade and can do nothing worse, step by step, as it was last looked at. */
export function CheckPanel({ live, currency }: { live: LiveView; currency: string }) {
  const { t, i18n } = useTranslation()
  const checking = useCheckLive()
  const { check } = live
  return (
    <Panel
      title={t('live.check')}
      flush
      actions={
        <>
          <span className="text-xs text-muted-foreground" data-testid="live-looked">
            {check && (
              <>
                {t('live.looked')} <Ago at={check.at} />
              </>
            )}
          </span>
          <Button
            variant="outline"
            size="sm"
            disabled={checking.isPending}
            onClick={() => checking.mutate()}
            data-testid="live-check"
          >
            <RefreshCw className={cn(checking.isPending && 'animate-spin')} aria-hidden />
            {t(check ? 'live.again' : 'live.look')}
          </Button>
        </>
      }
    >
      <div className="space-y-2 border-b p-3">
        <Verdict live={live} />
        {checking.isError && <ErrorNote>{sayFailure(checking.error, t, i18n.language)}</ErrorNote>}
      </div>
      <ol className="divide-y" aria-label={t('live.check')}>
        {stepsOf(live, currency).map((step) => (
          <StepRow key={step.name} {...{ step, check, currency }} />
        ))}
      </ol>
    </Panel>
  )
}

/** What all of it comes to, by the guard's own rule. */
function Verdict({ live: { passed, rule, numbers, check } }: { live: LiveView }) {
  const { t, i18n } = useTranslation()
  if (passed)
    return (
      <p className="flex items-center gap-2 font-medium" data-testid="live-verdict">
        <CircleCheck className="size-4 shrink-0 text-gain" aria-hidden />
        {t('live.passed')}
      </p>
    )
  const isStale = check?.answered === true && rule === 'stale_snapshot'
  const reason = isStale ? t('live.stale') : sayRule(rule ?? '', numbers, t, i18n.language)
  return (
    <div data-testid="live-verdict">
      <p className="font-medium text-pretty">{check ? reason : t('live.never')}</p>
      <p className="text-xs text-pretty text-muted-foreground">
        {t(isStale ? 'live.staleWhat' : 'live.notPassed')}
      </p>
    </div>
  )
}
