import { Cpu, FlaskConical, PanelRight, Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { PanicButton } from '@/features/panic/panic-button'
import { useStatus } from '@/features/status/api'
import { cn } from '@/lib/cn'
import type { Connection } from '@/lib/follow'
import { openOverlay } from '@/lib/overlay'

import { LanguageSwitch } from './language-switch'
import { ThemeSwitch } from './theme-switch'

/** What is always said: where prices come from and whether they are made up, the model, the connection. */
export function Header({
  connection,
  onDesk,
  deskShown,
}: {
  connection: Connection
  onDesk: () => void
  deskShown: boolean
}) {
  const { t } = useTranslation()
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b bg-card px-1.5 sm:gap-2 sm:px-2.5 md:px-4">
      <Venue />
      <Model />
      <ConnectionState connection={connection} />
      <div className="ml-auto flex shrink-0 items-center gap-0.5">
        <div className="mr-0.5 sm:mr-1.5">
          <PanicButton />
        </div>
        <Button
          variant="outline"
          size="sm"
          className="mr-1 gap-2 font-normal text-muted-foreground max-lg:hidden"
          onClick={() => openOverlay('palette')}
        >
          <Search aria-hidden />
          {t('palette.open')}
          <kbd className="font-sans text-[11px]">{isApple() ? '⌘K' : 'Ctrl K'}</kbd>
        </Button>
        <Button
          variant="ghost"
          size="icon-sm"
          className="lg:hidden"
          aria-label={t('palette.open')}
          onClick={() => openOverlay('palette')}
        >
          <Search />
        </Button>
        <LanguageSwitch />
        <ThemeSwitch />
        <Button
          variant="ghost"
          size="icon-sm"
          className="max-md:hidden"
          aria-label={t('desk.toggle')}
          aria-pressed={deskShown}
          title={t('desk.toggle')}
          onClick={onDesk}
          data-testid="desk-toggle"
        >
          <PanelRight />
        </Button>
      </div>
    </header>
  )
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent)
}

function Venue() {
  const { t } = useTranslation()
  const venue = useStatus().data?.venue
  if (!venue) return null
  const name = t([`venue.${venue.name}`, venue.name])
  return (
    <span className="flex shrink-0 items-center gap-1.5" data-testid="venue">
      <span className="text-[13px] font-medium" title={t('venue.title', { name })}>
        <span className="max-sm:hidden">{name}</span>
        <span className="sm:hidden">{t([`venue.short.${venue.name}`, name])}</span>
      </span>
      {venue.synthetic && (
        <Badge className="bg-secondary text-foreground" title={t('venue.syntheticWhy')}>
          <FlaskConical aria-hidden />
          <span className="max-sm:sr-only">{t('venue.syntheticData')}</span>
          <span className="sm:hidden" aria-hidden>
            {t('venue.syntheticShort')}
          </span>
        </Badge>
      )}
      {!venue.reachable && (
        <Badge className="border-loss/50 text-loss">{t('venue.unreachable')}</Badge>
      )}
    </span>
  )
}

function Model() {
  const { t } = useTranslation()
  const model = useStatus().data?.model
  if (!model) return null
  return (
    <span
      className="flex min-w-0 items-center gap-1 border-l pl-1.5 text-xs text-muted-foreground sm:pl-2"
      title={model.offline ? t('model.offlineWhy') : t('model.title', { name: model.name })}
      data-testid="model"
    >
      <Cpu className="size-3.5 shrink-0 max-sm:hidden" aria-hidden />
      {model.offline ? (
        <>
          <span className="truncate max-sm:hidden">{t('model.offline')}</span>
          <span className="truncate sm:hidden">{t('model.offlineShort')}</span>
        </>
      ) : (
        <span className="truncate">{shortName(model.name)}</span>
      )}
    </span>
  )
}

/** A model's name without the provider before it: the whole of it stands in the title. */
function shortName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

const DOTS = { open: 'bg-gain', connecting: 'bg-muted-foreground', lost: 'bg-loss' } as const

function ConnectionState({ connection }: { connection: Connection }) {
  const { t } = useTranslation()
  return (
    <span
      role="status"
      className={cn(
        'flex min-w-0 items-center gap-1.5 border-l pl-1.5 text-xs sm:shrink-0 sm:pl-2',
        connection === 'lost' ? 'font-medium text-loss' : 'text-muted-foreground',
      )}
      data-testid="connection"
      data-connection={connection}
    >
      <span
        className={cn(
          'size-2 shrink-0',
          DOTS[connection],
          connection === 'open' ? 'rounded-full' : 'rounded-[2px]',
        )}
        aria-hidden
      />
      <span className={connection === 'open' ? 'max-sm:sr-only' : 'truncate'}>
        {t(`connection.${connection}`)}
      </span>
      {connection === 'lost' && <span className="max-sm:sr-only">{t('connection.stale')}</span>}
    </span>
  )
}
