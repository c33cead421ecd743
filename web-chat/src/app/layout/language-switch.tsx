import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import { type Language, setLanguage } from '@/lib/i18n'

const OTHER: Record<string, Language> = { en: 'pt-BR', 'pt-BR': 'en' }

/** Shows the language in use; a click changes to the other one. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  const other = OTHER[i18n.language] ?? 'en'
  return (
    <Button
      variant="ghost"
      size="sm"
      className="px-2"
      title={t('language.switch')}
      onClick={() => setLanguage(other)}
      data-testid="language-switch"
      data-language={i18n.language}
    >
      {i18n.language === 'pt-BR' ? 'PT' : 'EN'}
      <span className="sr-only"> · {t('language.switch')}</span>
    </Button>
  )
}
