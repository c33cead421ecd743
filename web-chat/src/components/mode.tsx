import { CircleDashed, Coins } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Badge } from '@/components/ui/badge'
import { cn } from '@/lib/cn'
import { isReal } from '@/lib/mode'

/** Simulated and real differ in word, outline, icon and colour: never in colour alone. */
export function ModeBadge({ mode, className }: { mode: string; className?: string }) {
  const { t } = useTranslation()
  if (isReal(mode))
    return (
      <Badge
        className={cn('border-2 border-solid border-real bg-real/12 text-real', className)}
        data-mode={mode}
      >
        <Coins aria-hidden />
        {t('mode.real')}
      </Badge>
    )
  return (
    <Badge
      className={cn('border-dashed border-sim/70 bg-sim/8 text-sim', className)}
      data-mode={mode}
    >
      <CircleDashed aria-hidden />
      {t('mode.simulated')}
    </Badge>
  )
}
