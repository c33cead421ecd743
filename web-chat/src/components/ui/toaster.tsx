import { Toaster as Sonner } from 'sonner'

import { useDark } from '@/lib/theme'

export function Toaster() {
  const dark = useDark()
  return (
    <Sonner
      theme={dark ? 'dark' : 'light'}
      position="bottom-center"
      offset={72}
      mobileOffset={72}
      toastOptions={{
        style: {
          background: 'var(--popover)',
          color: 'var(--popover-foreground)',
          border: '1px solid var(--border)',
          borderRadius: 8,
          fontFamily: 'var(--font-sans)',
        },
      }}
    />
  )
}
