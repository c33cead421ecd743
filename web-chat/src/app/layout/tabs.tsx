import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { cn } from '@/lib/cn'

import { Awaiting } from './awaiting'
import { ROOMS } from './rooms'

/** The rooms as tabs at the foot of a phone's screen. */
export function Tabs() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  return (
    <nav
      aria-label={t('nav.rooms')}
      className="flex shrink-0 border-t bg-card pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {ROOMS.map(({ to, under, key, Icon, awaits }) => {
        const here = pathname.startsWith(under)
        return (
          <Link
            key={to}
            to={to}
            aria-current={here ? 'page' : undefined}
            className={cn(
              'relative flex h-13 flex-1 flex-col items-center justify-center gap-0.5 text-[11px] text-muted-foreground outline-none focus-visible:bg-accent',
              here && 'font-medium text-foreground',
            )}
          >
            <Icon className="size-5" strokeWidth={here ? 2 : 1.75} aria-hidden />
            {t(key)}
            {awaits && <Awaiting className="top-1 left-1/2 ml-1.5" />}
          </Link>
        )
      })}
    </nav>
  )
}
