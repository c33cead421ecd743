import { Outlet, useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Sheet, SheetContent, SheetTitle } from '@/components/ui/sheet'
import { Desk } from '@/features/desk/desk'
import { useDeskStream } from '@/features/desk/stream'
import { LimitsDialog } from '@/features/limits/limits-dialog'
import { PanicBanner } from '@/features/panic/panic-banner'
import { PanicDialog } from '@/features/panic/panic-dialog'
import { ProposalDialog } from '@/features/proposals/proposal-dialog'
import { closeOverlay, openOverlay, useOverlay } from '@/lib/overlay'
import { recall, remember } from '@/lib/storage'
import { useMedia } from '@/lib/use-media'

import { Palette } from '../palette/palette'
import { Header } from './header'
import { Rail } from './rail'
import { SideDesk } from './side-desk'
import { Tabs } from './tabs'

/** The frame of every page: rail or tabs, header strip, the page itself, and the desk where there is room for it. */
export function Shell() {
  const connection = useDeskStream()
  const wide = useMedia('(min-width: 1280px)')
  const inChat = useLocation().pathname.startsWith('/chat')
  const [wanted, setWanted] = useState(() => recall('desk') !== 'hidden')
  const beside = wide && inChat

  function toggleDesk() {
    if (!beside) {
      openOverlay('desk')
      return
    }
    remember('desk', wanted ? 'hidden' : 'shown')
    setWanted(!wanted)
  }

  return (
    <div className="flex h-dvh overflow-hidden">
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col">
        <Header connection={connection} onDesk={toggleDesk} deskShown={beside && wanted} />
        <PanicBanner />
        <div className="flex min-h-0 flex-1">
          <main className="min-w-0 flex-1">
            <Outlet />
          </main>
          {beside && wanted && <SideDesk />}
        </div>
        <Tabs />
      </div>
      <Overlays />
    </div>
  )
}

function Overlays() {
  const { t } = useTranslation()
  const shown = useOverlay()
  const overlay = shown?.overlay
  const about = shown?.about ?? null
  const onOpenChange = (open: boolean) => {
    if (!open) closeOverlay()
  }
  return (
    <>
      <Palette open={overlay === 'palette'} />
      <LimitsDialog open={overlay === 'limits'} botId={about} onOpenChange={onOpenChange} />
      <PanicDialog open={overlay === 'panic'} onOpenChange={onOpenChange} />
      <ProposalDialog id={overlay === 'proposal' ? about : null} onOpenChange={onOpenChange} />
      <Sheet open={overlay === 'desk'} onOpenChange={onOpenChange}>
        <SheetContent>
          <SheetTitle className="flex h-12 items-center border-b px-4 font-semibold">
            {t('nav.desk')}
          </SheetTitle>
          <div className="min-h-0 flex-1 overflow-y-auto">
            <Desk />
          </div>
        </SheetContent>
      </Sheet>
    </>
  )
}
