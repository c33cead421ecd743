import { useTranslation } from 'react-i18next'

import { Dialog, DialogContent, DialogTitle } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'

import { useProposal } from './api'
import { ProposalCard } from './proposal-card'

/** One proposal over whatever page asked for it. */
export function ProposalDialog({
  id,
  onOpenChange,
}: {
  id: string | null
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation()
  return (
    <Dialog open={id !== null} onOpenChange={onOpenChange}>
      <DialogContent
        aria-describedby={undefined}
        className="max-w-lg gap-3"
        data-testid="proposal-dialog"
      >
        <DialogTitle>{t('proposals.dialog')}</DialogTitle>
        {id !== null && <Found id={id} />}
      </DialogContent>
    </Dialog>
  )
}

function Found({ id }: { id: string }) {
  const { t } = useTranslation()
  const proposal = useProposal(id)
  if (proposal === undefined) return <Skeleton className="h-40" />
  if (proposal === null) return <p className="text-muted-foreground">{t('proposals.gone')}</p>
  return <ProposalCard proposal={proposal} />
}
