import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { BotState } from '@/components/bot-state'
import { Change, Money } from '@/components/figures'
import { ModeBadge } from '@/components/mode'
import { Table, Tbody, Td, Th, Thead } from '@/components/ui/table'
import { MandateLine } from '@/features/mandates/mandate-line'
import type { BotView } from '@/lib/api/types'

import { BotActions } from './bot-actions'

export function BotsTable({ bots }: { bots: readonly BotView[] }) {
  const { t } = useTranslation()
  return (
    <Table>
      <Thead>
        <tr>
          <Th>{t('bots.name')}</Th>
          <Th>{t('bots.state')}</Th>
          <Th>{t('bots.pairs')}</Th>
          <Th numeric>{t('bots.open')}</Th>
          <Th numeric>{t('bots.exposure')}</Th>
          <Th numeric>{t('bots.unrealised')}</Th>
          <Th numeric>{t('bots.realised')}</Th>
          <Th>
            <span className="sr-only">{t('bots.actions')}</span>
          </Th>
        </tr>
      </Thead>
      <Tbody>
        {bots.map((bot) => (
          <Row key={bot.id} bot={bot} />
        ))}
      </Tbody>
    </Table>
  )
}

function Row({ bot }: { bot: BotView }) {
  const { spec, stake_currency: currency } = bot
  return (
    <tr className="hover:bg-accent/40" data-testid="bot-row" data-bot-id={bot.id}>
      <Td className="max-w-64">
        <Link
          to="/bots/$botId"
          params={{ botId: bot.id }}
          className="block w-fit max-w-full truncate rounded-sm text-[13px] font-medium hover:underline"
        >
          {spec.name}
        </Link>
        <ModeBadge mode={spec.mode} className="mt-1" />
        <MandateLine bot={bot} className="mt-1" />
      </Td>
      <Td>
        <BotState bot={bot} />
      </Td>
      <Td className="max-w-56">
        <p className="truncate" title={spec.pairs.join(', ')}>
          {spec.pairs.join(' ')}
        </p>
        <p className="mt-1 truncate text-muted-foreground">
          {spec.strategy} · {spec.timeframe}
        </p>
      </Td>
      <Td numeric>
        {bot.open_trades} / {spec.max_open_trades}
      </Td>
      <Td numeric>
        <Money value={bot.open_exposure} currency={currency} unit={false} /> /{' '}
        <Money value={bot.max_exposure} currency={currency} />
      </Td>
      <Td numeric>
        <Change value={bot.unrealised_profit} currency={currency} />
      </Td>
      <Td numeric>
        <Change value={bot.realised_profit} currency={currency} />
      </Td>
      <Td numeric>
        <BotActions bot={bot} as="menu" />
      </Td>
    </tr>
  )
}
