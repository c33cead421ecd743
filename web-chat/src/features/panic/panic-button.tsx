import { OctagonX } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import { cn } from '@/lib/cn'
import { openOverlay } from '@/lib/overlay'

/** Opens the panic stop: on every screen, in the same place; where that is narrow, without its name unless it is `named`. */
export function PanicButton({ named = false }: { named?: boolean }) {
  const { t } = useTranslation()
  return (
    <Button
      variant="outline"
      size="sm"
      className={cn(
        'border-destructive/60 text-destructive hover:bg-destructive/10',
        !named && 'max-sm:px-2',
      )}
      onClick={() => openOverlay('panic')}
      aria-haspopup="dialog"
      title={t('panic.title')}
      data-testid="panic-button"
    >
      <OctagonX aria-hidden />
      <span className={named ? undefined : 'max-sm:sr-only'}>{t('panic.button')}</span>
    </Button>
  )
}
