import { useTranslation } from 'react-i18next'

import { ErrorNote } from '@/components/note'
import { Button } from '@/components/ui/button'
import { useSession } from '@/features/session/api'
import { SignIn } from '@/features/session/sign-in'
import { sayFailure } from '@/lib/api/failure'

import { Shell } from './layout/shell'

/** The sign-in page until somebody is signed in, at whatever address; the product from then on. */
export function Root() {
  const { t, i18n } = useTranslation()
  const { data: session, error, refetch } = useSession()
  if (session) return <Shell />
  if (session === null) return <SignIn />
  if (!error) return null
  return (
    <main className="m-auto max-w-md p-8">
      <ErrorNote
        action={
          <Button variant="outline" size="sm" onClick={() => void refetch()}>
            {t('common.retry')}
          </Button>
        }
      >
        {sayFailure(error, t, i18n.language)}
      </ErrorNote>
    </main>
  )
}
