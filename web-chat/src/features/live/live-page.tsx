import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import { Page } from '@/components/page'
import { Skeleton } from '@/components/ui/skeleton'
import { ReconciliationPanel } from '@/features/reconciliation/reconciliation-panel'
import { useStakeCurrency } from '@/features/status/api'
import { sayFailure } from '@/lib/api/failure'
import type { LiveView } from '@/lib/api/types'

import { useLive } from './api'
import { BalancesPanel } from './balances-panel'
import { CheckPanel } from './check-panel'
import { LiveBots } from './live-bots'
import { RealMoneySwitch } from './real-money-switch'

/** All that has to do with real money: whether it is on, what the key can do, what there is, and whether it agrees. */
export function LivePage() {
  const { t, i18n } = useTranslation()
  const { data, error } = useLive()
  return (
    <Page title={t('nav.live')}>
      {!data && error && <ErrorNote>{sayFailure(error, t, i18n.language)}</ErrorNote>}
      {!data && !error && <Skeleton className="h-32" />}
      {data && <Known live={data} />}
    </Page>
  )
}

function Known({ live }: { live: LiveView }) {
  const currency = useStakeCurrency()
  const check = <CheckPanel live={live} currency={currency} />
  return (
    <>
      <RealMoneySwitch enabled={live.enabled} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-4">
          {/* Before it is on, the key is what is left to do; from then on, whether all agrees. */}
          {!live.enabled && check}
          <ReconciliationPanel />
          {live.enabled && check}
        </div>
        <div className="min-w-0 space-y-4">
          <LiveBots />
          {live.check?.key_works && <BalancesPanel check={live.check} />}
        </div>
      </div>
    </>
  )
}
