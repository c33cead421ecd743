import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** What something becomes, after what it is now where that differs. */
export function Becomes({ before, after }: { before: string | undefined; after: string }) {
  const { t } = useTranslation()
  return (
    <>
      {before !== undefined && (
        <>
          <span className="text-muted-foreground">{before}</span>
          <ArrowRight className="mx-1 inline size-3 text-muted-foreground" aria-hidden />
          <span className="sr-only">{t('proposals.becomes')}</span>
        </>
      )}
      {after}
    </>
  )
}
