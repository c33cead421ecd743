import { useTranslation } from 'react-i18next'

import { Money, Price } from '@/components/figures'
import { EmptyNote } from '@/components/note'
import { Table, Tbody, Td, Th, Thead } from '@/components/ui/table'
import { When } from '@/components/when'
import type { OrderRefusalView } from '@/lib/api/types'
import { isReal } from '@/lib/mode'
import { sayRule } from '@/lib/names'

/** Entry orders that the guard did not let bots make, newest first. */
export function RefusedOrders({ orders }: { orders: readonly OrderRefusalView[] }) {
  const { t } = useTranslation()
  if (orders.length === 0) return <EmptyNote>{t('guard.quiet')}</EmptyNote>
  return (
    <Table data-testid="refused-orders">
      <Thead>
        <tr>
          <Th>{t('audit.at')}</Th>
          <Th>{t('trades.pair')}</Th>
          <Th numeric>{t('trades.stake')}</Th>
          <Th>{t('guard.rule')}</Th>
        </tr>
      </Thead>
      <Tbody>
        {orders.map((order) => (
          <Row key={order.id} order={order} />
        ))}
      </Tbody>
    </Table>
  )
}

function Row({ order }: { order: OrderRefusalView }) {
  const { t, i18n } = useTranslation()
  const currency = order.pair.split('/')[1] ?? ''
  return (
    <tr data-testid="refused-order">
      <Td className="num text-muted-foreground">
        <When at={order.at} />
      </Td>
      <Td>
        <p className="font-medium whitespace-nowrap">
          {order.pair}
          {isReal(order.mode) && <span className="ml-1 text-real">{t('mode.real')}</span>}
        </p>
        <p className="max-w-36 truncate text-muted-foreground" title={order.bot_name}>
          {order.bot_name}
        </p>
      </Td>
      <Td numeric>
        <p>
          <Money value={order.stake} currency={currency} />
        </p>
        <p className="text-muted-foreground">
          {t(`guard.orderType.${order.order_type}`, { defaultValue: order.order_type })}{' '}
          <Price value={order.rate} />
        </p>
      </Td>
      <Td className="min-w-52 text-pretty">
        {sayRule(order.rule, order.numbers, t, i18n.language)}
      </Td>
    </tr>
  )
}
