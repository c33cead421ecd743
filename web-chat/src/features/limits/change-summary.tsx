import { Lock, LockOpen, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Becomes } from '@/components/becomes'
import { Skeleton } from '@/components/ui/skeleton'
import { PreviewNote } from '@/features/proposals/preview-note'
import type { LimitsChange } from '@/lib/api/types'
import { useDebounced } from '@/lib/use-debounced'

import { usePreview } from './api'
import type { ChangedLimit } from './change'
import { sayLimit } from './say'

/** What a change of limits would do: what holds at once, what takes a person's word and a wait, and what that would have let pass. */
export function ChangeSummary({
  effects,
  change,
  currency,
  ofAll,
}: {
  effects: readonly ChangedLimit[]
  change: LimitsChange
  currency: string
  ofAll: boolean
}) {
  const { t } = useTranslation()
  const tighter = effects.filter(({ looser }) => !looser)
  const looser = effects.filter((effect) => effect.looser)
  return (
    <div className="space-y-3 rounded-lg border bg-background p-3" data-testid="limits-summary">
      {tighter.length > 0 && (
        <Changes title={t('limits.tighter')} Icon={Lock} effects={tighter} currency={currency} />
      )}
      {looser.length > 0 && (
        <>
          <Changes
            title={t('limits.looser')}
            Icon={LockOpen}
            effects={looser}
            currency={currency}
          />
          <p className="text-xs text-pretty text-muted-foreground">
            {t(tighter.length > 0 ? 'limits.mixedWhy' : 'limits.looserWhy')}
            {!ofAll && ` ${t('limits.previewLater')}`}
          </p>
          {ofAll && <Preview change={change} currency={currency} />}
        </>
      )}
    </div>
  )
}

function Changes({
  title,
  Icon,
  effects,
  currency,
}: {
  title: string
  Icon: LucideIcon
  effects: readonly ChangedLimit[]
  currency: string
}) {
  const { t, i18n } = useTranslation()
  const speech = { t, locale: i18n.language, currency }
  return (
    <div>
      <h3 className="flex items-center gap-1.5 text-xs font-semibold">
        <Icon className="size-3.5" aria-hidden />
        {title}
      </h3>
      <ul className="mt-1 space-y-0.5 text-xs">
        {effects.map(({ field, before, after }) => (
          <li key={field} className="flex flex-wrap justify-between gap-x-3">
            <span className="text-muted-foreground first-letter:uppercase">
              {t(`limits.field.${field}`)}
            </span>
            <span className="ml-auto text-right num whitespace-normal">
              <Becomes
                before={sayLimit(field, before, speech)}
                after={sayLimit(field, after, speech)}
              />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Preview({ change, currency }: { change: LimitsChange; currency: string }) {
  const asked = useDebounced(JSON.stringify(change))
  const { data } = usePreview(JSON.parse(asked) as LimitsChange)
  return data ? <PreviewNote preview={data} currency={currency} /> : <Skeleton className="h-16" />
}
