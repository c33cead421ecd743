import { useTranslation } from 'react-i18next'

import { Desk } from '@/features/desk/desk'

import { NARROWEST, useDeskWidth, WIDEST } from './use-desk-width'

/** The desk beside the conversation, on wide screens. */
export function SideDesk() {
  const { t } = useTranslation()
  const { width, handle } = useDeskWidth()
  return (
    <aside
      aria-label={t('nav.desk')}
      className="relative shrink-0 border-l"
      style={{ width: `${width}px` }}
    >
      <div
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={t('desk.resize')}
        aria-valuenow={width}
        aria-valuemin={NARROWEST}
        aria-valuemax={WIDEST}
        className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none outline-none hover:bg-ring/20 focus-visible:bg-ring/40"
        {...handle}
      />
      <div className="h-full overflow-x-hidden overflow-y-auto">
        <Desk />
      </div>
    </aside>
  )
}
