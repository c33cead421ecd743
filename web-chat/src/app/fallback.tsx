import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import { Page } from '@/components/page'
import { Button } from '@/components/ui/button'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Page title={t('notFound.title')}>
      <p className="text-muted-foreground">{t('notFound.text')}</p>
      <Button asChild variant="outline">
        <Link to="/">{t('nav.chat')}</Link>
      </Button>
    </Page>
  )
}

/** Stands where a page could not be drawn. */
export function Broken() {
  const { t } = useTranslation()
  return (
    <main className="mx-auto max-w-md p-8">
      <ErrorNote
        action={
          <Button variant="outline" size="sm" onClick={() => window.location.reload()}>
            {t('common.reload')}
          </Button>
        }
      >
        {t('common.broken')}
      </ErrorNote>
    </main>
  )
}
