import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Button } from './ui/button'

export function ExportButton({ onExport, disabled }: { onExport: () => void; disabled?: boolean }) {
  const { t } = useTranslation()
  return (
    <Button
      variant="ghost"
      size="sm"
      onClick={onExport}
      disabled={disabled}
      data-testid="export-csv"
    >
      <Download aria-hidden />
      {t('common.exportCsv')}
    </Button>
  )
}
