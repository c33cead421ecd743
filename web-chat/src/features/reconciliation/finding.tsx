import { Link } from '@tanstack/react-router'
import { Info, OctagonAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import { When } from '@/components/when'
import type { FindingView } from '@/lib/api/types'
import { cn } from '@/lib/cn'

import { useSettle } from './api'
import { sayFinding, sayRemedy, sayWhatToDo } from './say'

/** One thing in which record, exchange and bot differ: what it is, what it holds up, what to do. */
export function Finding({ finding }: { finding: FindingView }) {
  const { t, i18n } = useTranslation()
  const { uncertain, settles, since } = finding
  const Icon = uncertain ? OctagonAlert : Info
  return (
    <li
      className={cn('flex items-start gap-2.5 p-3', uncertain && 'bg-loss/6')}
      data-testid="finding"
      data-kind={finding.kind}
      data-uncertain={uncertain}
    >
      <Icon
        className={cn('mt-0.5 size-4 shrink-0', uncertain ? 'text-loss' : 'text-muted-foreground')}
        aria-hidden
      />
      <div className="min-w-0 flex-1 space-y-1 text-pretty break-words">
        {uncertain && <Pauses finding={finding} />}
        <p className="text-[13px] font-medium">{sayFinding(finding, t, i18n.language)}</p>
        <p className="text-xs text-muted-foreground">{sayWhatToDo(finding, t, i18n.language)}</p>
        <p className="text-xs text-muted-foreground">
          <Whose finding={finding} />
          {t('finding.since')} <When at={since} className="num" />
        </p>
        {settles && <Settle finding={finding} />}
      </div>
    </li>
  )
}

/** Who enters nothing because of it. */
function Pauses({ finding: { bot_id, bot_name } }: { finding: FindingView }) {
  const { t } = useTranslation()
  return (
    <p className="text-xs font-semibold text-loss">
      {bot_id === null
        ? t('finding.pausesAll')
        : t('finding.pauses', { name: bot_name ?? t('proposals.theBot') })}
    </p>
  )
}

function Whose({ finding: { bot_id, bot_name, pair } }: { finding: FindingView }) {
  return (
    <>
      {bot_id !== null && (
        <>
          <Link
            to="/bots/$botId"
            params={{ botId: bot_id }}
            className="rounded-sm font-medium text-foreground hover:underline"
          >
            {bot_name ?? bot_id}
          </Link>
          {' · '}
        </>
      )}
      {pair !== null && `${pair} · `}
    </>
  )
}

function Settle({ finding }: { finding: FindingView }) {
  const { t, i18n } = useTranslation()
  const settle = useSettle()
  return (
    <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 pt-1">
      <Button
        variant="outline"
        size="sm"
        disabled={settle.isPending}
        onClick={() => settle.mutate(finding.id)}
        data-testid="finding-settle"
      >
        {t('finding.settle')}
      </Button>
      <span className="text-xs text-muted-foreground">
        {sayRemedy(finding, t, i18n.language)} {t('finding.settleWhat')}
      </span>
    </div>
  )
}
