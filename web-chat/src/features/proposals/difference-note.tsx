import { useTranslation } from 'react-i18next'

import { useBot } from '@/features/bots/api'
import { type Difference, sayFinding, sayRemedy } from '@/features/reconciliation/say'
import type { ProposalView } from '@/lib/api/types'

/** What differs, of which bot, and what would be done about it. */
export function DifferenceNote({
  difference,
  proposal,
}: {
  difference: Difference
  proposal: ProposalView
}) {
  const { t, i18n } = useTranslation()
  const id = proposal.action.of_bot
  const bot = useBot(typeof id === 'string' ? id : '')
  return (
    <div className="space-y-1.5 text-[13px] text-pretty break-words" data-testid="difference">
      {typeof id === 'string' && (
        <p className="text-xs text-muted-foreground">
          {[bot?.spec.name ?? id, difference.pair].filter(Boolean).join(' · ')}
        </p>
      )}
      <p>{sayFinding(difference, t, i18n.language)}</p>
      <p>
        <span className="font-medium">{t('finding.then')}:</span>{' '}
        {sayRemedy(difference, t, i18n.language)}
      </p>
    </div>
  )
}
