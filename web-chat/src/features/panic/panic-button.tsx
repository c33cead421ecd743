import { OctagonAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import { cn } from '@/lib/cn'
import { openOverlay } from '@/lib/overlay'

/** Opens the panic stop: on every screen, in the same place; on a phone a red stop sign over its word, unless it is `named`. */
export function PanicButton({ named = false }: { named?: boolean }) {
  const { t } = useTranslation()
  return (
    <Button
      variant="outline"
      size="sm"
      className={cn(
        'border-destructive/60 text-destructive hover:bg-destructive/10',
        !named &&
          'max-sm:h-10 max-sm:flex-col max-sm:gap-0 max-sm:border-destructive max-sm:bg-destructive max-sm:px-1 max-sm:text-[10px] max-sm:leading-tight max-sm:font-semibold max-sm:text-destructive-foreground max-sm:hover:bg-destructive/90 max-sm:[&_svg]:size-4',
      )}
      onClick={() => openOverlay('panic')}
      aria-haspopup="dialog"
      title={t('panic.title')}
      data-testid="panic-button"
    >
      <OctagonAlert aria-hidden />
      {t('panic.button')}
    </Button>
  )
}
