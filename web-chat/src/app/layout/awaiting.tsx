import { useTranslation } from 'react-i18next'

import { useOpenProposals } from '@/features/proposals/api'
import { cn } from '@/lib/cn'

/** How many proposals are open, as the inbox counts them, over the icon of the room where they are. */
export function Awaiting({ className }: { className?: string }) {
  const { t } = useTranslation()
  const count = useOpenProposals().length
  if (count === 0) return null
  return (
    <span
      className={cn(
        'absolute grid h-4 min-w-4 place-items-center rounded-full bg-primary px-1 text-[10px] leading-none font-semibold num text-primary-foreground',
        className,
      )}
      data-testid="awaiting"
    >
      <span aria-hidden>{count}</span>
      <span className="sr-only">, {t('proposals.awaiting', { count })}</span>
    </span>
  )
}
