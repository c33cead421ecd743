import { Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { setTheme, type Theme, THEMES, useTheme } from '@/lib/theme'

const ICONS = { light: Sun, dark: Moon, system: Monitor } as const

export function ThemeSwitch() {
  const { t } = useTranslation()
  const theme = useTheme()
  const Icon = ICONS[theme]
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('theme.switch', { theme: t(`theme.${theme}`) })}
          title={t('theme.title')}
          data-testid="theme-switch"
        >
          <Icon />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuRadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
          {THEMES.map((value) => {
            const ItemIcon = ICONS[value]
            return (
              <DropdownMenuRadioItem key={value} value={value} data-testid={`theme-${value}`}>
                <ItemIcon aria-hidden />
                {t(`theme.${value}`)}
              </DropdownMenuRadioItem>
            )
          })}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
