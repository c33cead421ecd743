import { useTranslation } from 'react-i18next'

import { EmptyNote } from '@/components/note'
import { Panel } from '@/components/panel'
import { Table, Tbody, Td, Th, Thead } from '@/components/ui/table'
import type { LiveCheckView } from '@/lib/api/types'
import { formatExact, signOf } from '@/lib/money'

/** What the account at the exchange has, as it was last looked at. */
export function BalancesPanel({ check }: { check: LiveCheckView }) {
  const { t, i18n } = useTranslation()
  const held = Object.entries(check.balances)
    .filter(([, { free, locked }]) => signOf(free) !== 0 || signOf(locked) !== 0)
    .sort(([a], [b]) => a.localeCompare(b))
  const venue = t(`venue.${check.venue}`, { defaultValue: check.venue })
  return (
    <Panel title={t('live.balances', { venue })} flush>
      {held.length === 0 ? (
        <EmptyNote>{t('live.noBalances')}</EmptyNote>
      ) : (
        <Table data-testid="live-balances">
          <Thead>
            <tr>
              <Th>{t('live.currency')}</Th>
              <Th numeric>{t('live.free')}</Th>
              <Th numeric>{t('live.locked')}</Th>
            </tr>
          </Thead>
          <Tbody>
            {held.map(([currency, { free, locked }]) => (
              <tr key={currency}>
                <Td className="font-medium">{currency}</Td>
                <Td numeric>{formatExact(free, i18n.language)}</Td>
                <Td numeric>{formatExact(locked, i18n.language)}</Td>
              </tr>
            ))}
          </Tbody>
        </Table>
      )}
    </Panel>
  )
}
