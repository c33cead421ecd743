import { Link, useLocation } from '@tanstack/react-router'
import { LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/components/mark'
import { Button } from '@/components/ui/button'
import { Tooltip } from '@/components/ui/tooltip'
import { useSignOut } from '@/features/session/api'
import { cn } from '@/lib/cn'

import { Awaiting } from './awaiting'
import { ROOMS } from './rooms'

/** The rooms as icons at the left, from the middle width on. */
export function Rail() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const signOut = useSignOut()
  return (
    <nav
      aria-label={t('nav.rooms')}
      className="flex w-14 shrink-0 flex-col items-center gap-1 border-r bg-card py-2.5 max-md:hidden"
    >
      <Mark className="mb-3 size-8" />
      {ROOMS.filter((room) => !room.phoneOnly).map(({ to, under, key, Icon, awaits }) => {
        const here = pathname.startsWith(under)
        return (
          <Tooltip key={to} text={t(key)} side="right">
            <Link
              to={to}
              aria-current={here ? 'page' : undefined}
              className={cn(
                'relative grid size-10 place-items-center rounded-md text-muted-foreground transition-colors outline-none hover:bg-accent hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring',
                here && 'bg-accent text-foreground',
              )}
            >
              <Icon className="size-5" strokeWidth={1.75} aria-hidden />
              <span className="sr-only">{t(key)}</span>
              {awaits && <Awaiting className="top-0.5 right-0.5" />}
            </Link>
          </Tooltip>
        )
      })}
      <Tooltip text={t('session.signOut')} side="right">
        <Button
          variant="ghost"
          size="icon"
          className="mt-auto"
          aria-label={t('session.signOut')}
          onClick={() => signOut.mutate()}
          data-testid="sign-out"
        >
          <LogOut strokeWidth={1.75} />
        </Button>
      </Tooltip>
    </nav>
  )
}
