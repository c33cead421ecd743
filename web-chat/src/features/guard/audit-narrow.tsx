import { useTranslation } from 'react-i18next'

import { Select } from '@/components/ui/select'
import { useBots } from '@/features/bots/api'

import type { AuditFilter } from './api'

/** What the trail can be narrowed to by the server, so that older lines are found too. */
const KINDS = [
  'order',
  'create_bot',
  'edit_bot',
  'start_bot',
  'resume_bot',
  'pause_bot',
  'stop_bot',
  'delete_bot',
  'change_mode',
  'force_entry',
  'force_exit',
  'cancel_order',
  'lock_pair',
  'unlock_pair',
  'set_limits',
  'set_bot_limits',
  'block_pair',
  'unblock_pair',
  'panic',
  'release_panic',
  'store_strategy',
  'settle_finding',
  'mandate',
  'wire_order',
  'wire_refused',
  'wire_finding',
  'wire_difference',
  'wire_settled',
] as const

/** Which kind of action, and of which bot. */
export function AuditNarrow({
  wanted,
  onWanted,
}: {
  wanted: AuditFilter
  onWanted: (wanted: AuditFilter) => void
}) {
  const { t } = useTranslation()
  const bots = useBots().data ?? []
  return (
    <>
      <Select
        className="max-w-44 [&>select]:h-7.5 [&>select]:text-xs"
        aria-label={t('audit.action')}
        value={wanted.kind ?? ''}
        onChange={(event) => onWanted({ ...wanted, kind: event.target.value || undefined })}
        data-testid="audit-kind"
      >
        <option value="">{t('audit.allKinds')}</option>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t([`action.${kind}`, `audit.kind.${kind}`], { defaultValue: kind })}
          </option>
        ))}
      </Select>
      <Select
        className="max-w-44 [&>select]:h-7.5 [&>select]:text-xs"
        aria-label={t('trades.bot')}
        value={wanted.bot_id ?? ''}
        onChange={(event) => onWanted({ ...wanted, bot_id: event.target.value || undefined })}
        data-testid="audit-bot"
      >
        <option value="">{t('desk.allBots')}</option>
        {bots.map((bot) => (
          <option key={bot.id} value={bot.id}>
            {bot.spec.name}
          </option>
        ))}
      </Select>
    </>
  )
}
