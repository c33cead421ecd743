import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import { useOpenProposals } from '@/features/proposals/api'
import type { PanicView } from '@/lib/api/types'
import { formatAmount } from '@/lib/money'
import { openOverlay } from '@/lib/overlay'
import { formatTime } from '@/lib/time'

import { useReleasePanic } from './api'

/** Since when the panic stop is on, and that everything is being sold while it is; or whose trades are not. */
export function PanicHeadline({ panic, role }: { panic: PanicView; role?: 'alert' }) {
  const { t, i18n } = useTranslation()
  const { exit, exits_open: open, unsold } = panic
  return (
    <p role={role} className="font-semibold text-destructive">
      {t('panic.on', { at: formatTime(panic.at, i18n.language) })}{' '}
      {unsold.length > 0
        ? t('panic.unsold', { bots: unsold.join(', ') })
        : exit && open > 0 && t('panic.exit')}
    </p>
  )
}

/** Through which door it was pressed, what it did, and how long that took. */
export function PanicFacts({ panic }: { panic: PanicView }) {
  const { t, i18n } = useTranslation()
  const { entries_off_ms: took, exits_open: open, ended_bots: ended, unsold } = panic
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
      <li>{t('panic.through', { door: t(`door.${panic.door}`, { defaultValue: panic.door }) })}</li>
      <li>
        {took == null
          ? t('panic.stopping')
          : t('panic.entries_off', { ms: formatAmount(String(took), i18n.language) })}
      </li>
      {panic.exit && open > 0 && <li>{t('panic.exits_open', { count: open })}</li>}
      {panic.exit && open === 0 && unsold.length === 0 && <li>{t('panic.sold')}</li>}
      {ended.length > 0 && <li>{t('panic.ended', { bots: ended.join(', ') })}</li>}
    </ul>
  )
}

/** Lifts the panic stop: opens what is asked of a person, and asks for it where it was not yet. */
export function LiftButton() {
  const { t } = useTranslation()
  const release = useReleasePanic()
  const asked = useOpenProposals().find(({ action_kind }) => action_kind === 'release_panic')
  return (
    <Button
      variant="outline"
      size="sm"
      disabled={release.isPending}
      onClick={() => (asked ? openOverlay('proposal', asked.id) : release.mutate(undefined))}
      data-testid="panic-lift"
    >
      {t('panic.release')}
    </Button>
  )
}
