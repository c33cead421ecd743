import { useTranslation } from 'react-i18next'

import { Page } from '@/components/page'
import { Panel } from '@/components/panel'
import { LimitsPanel } from '@/features/limits/limits-panel'
import { Inbox } from '@/features/proposals/inbox'

import { useGuard } from './api'
import { AuditPanel } from './audit-panel'
import { HeldBots } from './held-bots'
import { PanicPanel } from './panic-panel'
import { RefusedOrders } from './refused-orders'

export function GuardPage() {
  const { t } = useTranslation()
  const refused = useGuard().data?.refused_orders ?? []
  return (
    <Page title={t('nav.guard')}>
      <p className="max-w-[70ch] text-muted-foreground">{t('guard.lead')}</p>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-[minmax(0,1fr)_20rem] xl:grid-rows-[auto_1fr]">
        <div className="min-w-0 space-y-4">
          <Inbox />
          <HeldBots />
          <Panel title={t('guard.refused_orders')} flush>
            <RefusedOrders orders={refused} />
          </Panel>
        </div>
        <div className="min-w-0 space-y-4 xl:row-span-2">
          <PanicPanel />
          <LimitsPanel />
        </div>
        <AuditPanel />
      </div>
    </Page>
  )
}
