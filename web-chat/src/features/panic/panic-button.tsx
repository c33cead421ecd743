import { OctagonX } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import { openOverlay } from '@/lib/overlay'

/** Opens the panic stop: on every screen, in the same place. */
export function PanicButton() {
  const { t } = useTranslation()
  return (
    <Button
      variant="outline"
      size="sm"
      className="border-destructive/60 text-destructive hover:bg-destructive/10 max-sm:px-2"
      onClick={() => openOverlay('panic')}
      aria-haspopup="dialog"
      title={t('panic.title')}
      data-testid="panic-button"
    >
      <OctagonX aria-hidden />
      <span className="max-sm:sr-only">{t('panic.button')}</span>
    </Button>
  )
}
