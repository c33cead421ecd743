import { Dialog as Primitive } from 'radix-ui'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

import {
  Command,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from '@/components/ui/command'
import { Dialog, overlayStyle } from '@/components/ui/dialog'
import { closeOverlay, openOverlay } from '@/lib/overlay'

import { type Entry, useEntries } from './entries'

function useShortcut(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      openOverlay('palette')
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

/** Reaches everything by typing a part of its name. */
export function Palette({ open }: { open: boolean }) {
  const { t } = useTranslation()
  useShortcut()
  return (
    <Dialog open={open} onOpenChange={(next) => !next && closeOverlay()}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayStyle} />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 overflow-hidden rounded-lg border bg-popover text-popover-foreground shadow-2xl outline-none"
          data-testid="palette"
        >
          <Primitive.Title className="sr-only">{t('palette.title')}</Primitive.Title>
          <Command label={t('palette.title')}>
            <CommandInput placeholder={t('palette.placeholder')} />
            <CommandList>
              <CommandEmpty>{t('palette.empty')}</CommandEmpty>
              <Groups />
            </CommandList>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Dialog>
  )
}

function Groups() {
  const { t } = useTranslation()
  const groups = useEntries()
  return groups
    .filter(({ entries }) => entries.length > 0)
    .map(({ key, entries }) => (
      <CommandGroup key={key} heading={t(`palette.${key}`)}>
        {entries.map((entry) => (
          <Item key={entry.id} entry={entry} />
        ))}
      </CommandGroup>
    ))
}

function Item({ entry: { id, text, Icon, run } }: { entry: Entry }) {
  function select() {
    closeOverlay()
    run()
  }
  return (
    <CommandItem value={`${text} ${id}`} onSelect={select}>
      <Icon aria-hidden />
      <span className="min-w-0 flex-1 truncate">{text}</span>
    </CommandItem>
  )
}
