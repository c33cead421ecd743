import { useTranslation } from 'react-i18next'

import { Money } from '@/components/figures'
import { Table, Tbody, Td, Th, Thead } from '@/components/ui/table'
import { When } from '@/components/when'
import type { PreviewView } from '@/lib/api/types'

const NAMED = 5

/** What the entry orders of the last days would have come to under other limits. */
export function PreviewNote({ preview, currency }: { preview: PreviewView; currency: string }) {
  const { t } = useTranslation()
  const days = String(preview.days)
  if (preview.orders === 0)
    return (
      <p className="text-xs text-muted-foreground" data-testid="preview">
        {t('preview.none', { days })}
      </p>
    )
  return (
    <div className="space-y-2" data-testid="preview">
      <div className="overflow-hidden rounded-md border">
        <Table aria-label={t('preview.title', { days })}>
          <Thead>
            <tr>
              <Th className="whitespace-normal">{t('preview.title', { days })}</Th>
              <Th numeric>{t('preview.before')}</Th>
              <Th numeric>{t('preview.after')}</Th>
            </tr>
          </Thead>
          <Tbody>
            <tr>
              <Td>{t('preview.allowed', { orders: String(preview.orders) })}</Td>
              <Td numeric>{preview.allowed_before}</Td>
              <Td numeric className="font-semibold">
                {preview.allowed_after}
              </Td>
            </tr>
            <Amounts
              label={t('preview.stake')}
              before={preview.stake_before}
              after={preview.stake_after}
              currency={currency}
            />
            <Amounts
              label={t('preview.largest')}
              before={preview.largest_before}
              after={preview.largest_after}
              currency={currency}
            />
          </Tbody>
        </Table>
      </div>
      <Newly preview={preview} currency={currency} />
    </div>
  )
}

function Amounts({
  label,
  before,
  after,
  currency,
}: {
  label: string
  before: string
  after: string
  currency: string
}) {
  return (
    <tr>
      <Td>
        {label}, {currency}
      </Td>
      <Td numeric>
        <Money value={before} currency={currency} unit={false} exact />
      </Td>
      <Td numeric className="font-semibold">
        <Money value={after} currency={currency} unit={false} exact />
      </Td>
    </tr>
  )
}

/** Orders that were refused and would not be any more. */
function Newly({ preview, currency }: { preview: PreviewView; currency: string }) {
  const { t } = useTranslation()
  const orders = preview.newly_allowed
  if (orders.length === 0)
    return <p className="text-xs text-muted-foreground">{t('preview.nothingNew')}</p>
  return (
    <details className="text-xs">
      <summary className="text-muted-foreground">
        {t('preview.newly', { count: preview.allowed_after - preview.allowed_before })}
      </summary>
      <ul className="mt-1.5 space-y-1">
        {orders.slice(0, NAMED).map((order) => (
          <li key={order.id} className="flex flex-wrap gap-x-2">
            <When at={order.at} className="num text-muted-foreground" />
            <span className="font-medium">{order.pair}</span>
            <Money value={order.stake} currency={currency} exact />
            <span className="text-muted-foreground">{order.bot_name}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
