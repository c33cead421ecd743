import { useTranslation } from 'react-i18next'

import { Page } from '@/components/page'
import { LimitsPanel } from '@/features/limits/limits-panel'

import { AuditPanel } from './audit-panel'

export function GuardPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('nav.guard')}>
      <p className="max-w-[70ch] text-muted-foreground">{t('guard.lead')}</p>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-[20rem_minmax(0,1fr)]">
        <LimitsPanel />
        <AuditPanel />
      </div>
    </Page>
  )
}
