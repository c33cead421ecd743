import { useTranslation } from 'react-i18next'

import { CardFrame } from '@/components/card-frame'
import { sayAction } from '@/features/actions/words'
import { useBot } from '@/features/bots/api'
import type { ProposalView } from '@/lib/api/types'
import { useNow } from '@/lib/clock'
import { isReal } from '@/lib/mode'

import { useLiveProposal } from './api'
import { Content } from './content'
import { Decision } from './decision'
import { LOOKS, modeOf, statusAt } from './look'
import { Result } from './result'
import { useSpeech } from './use-speech'
import { Amount, Asked, Why } from './why'

/** An action that waits for a person's word, or what became of it: the same card in every place that shows it. */
export function ProposalCard({ proposal: told }: { proposal: ProposalView }) {
  const { t } = useTranslation()
  const proposal = useLiveProposal(told)
  const bot = useBot(proposal.bot_id ?? '')
  const speech = useSpeech(proposal)
  const status = statusAt(proposal, useNow(proposal.status === 'pending'))
  const { Icon, tone } = LOOKS[status]
  const mode = modeOf(proposal, bot)
  const asks = status === 'pending' || status === 'waiting'
  const kind = t(`action.${proposal.action_kind}`, { defaultValue: proposal.action_kind })
  return (
    <CardFrame
      kind="proposal"
      status={status}
      title={t(`proposals.title.${status}`, { action: kind })}
      Icon={Icon}
      tone={tone}
      spins={status === 'executing'}
      at={proposal.created_at}
      mode={mode}
      actions={asks && <Decision proposal={proposal} status={status} isReal={isRealMoney(mode)} />}
    >
      <div className="space-y-1">
        <p className="text-[15px] leading-snug font-semibold text-pretty">
          {sayAction(proposal.action, speech)}
        </p>
        {isRealMoney(mode) && <Amount proposal={proposal} currency={speech.currency} />}
        {asks && <Why proposal={proposal} />}
        <Asked proposal={proposal} />
      </div>
      <Result proposal={proposal} status={status} />
      {asks ? (
        <Content proposal={proposal} speech={speech} bot={bot} />
      ) : (
        <details>
          <summary className="text-xs text-muted-foreground">{t('proposals.whole')}</summary>
          <div className="mt-2 space-y-3">
            <Content proposal={proposal} speech={speech} bot={null} />
          </div>
        </details>
      )}
    </CardFrame>
  )
}

function isRealMoney(mode: string | undefined): boolean {
  return mode !== undefined && isReal(mode)
}
