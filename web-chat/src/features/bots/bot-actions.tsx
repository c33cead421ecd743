import { EllipsisVertical } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import type { BotView } from '@/lib/api/types'

import type { BotCommand } from './api'
import { COMMAND_ICONS, commandKey, commandsOf } from './commands'
import { DeleteDialog } from './delete-dialog'
import { useCommand } from './use-command'

/** What can be asked of a bot: as buttons, or as a menu where there is no room. */
export function BotActions({ bot, as }: { bot: BotView; as: 'buttons' | 'menu' }) {
  const [deleting, setDeleting] = useState(false)
  const { run, isPending } = useCommand()
  const ask = (command: BotCommand) =>
    command === 'delete' ? setDeleting(true) : run(bot, command)
  const Commands = as === 'menu' ? CommandMenu : CommandButtons
  return (
    <>
      <Commands bot={bot} disabled={isPending} onCommand={ask} />
      <DeleteDialog
        bot={bot}
        open={deleting}
        onOpenChange={setDeleting}
        onConfirm={() => run(bot, 'delete')}
      />
    </>
  )
}

interface CommandsProps {
  bot: BotView
  disabled: boolean
  onCommand: (command: BotCommand) => void
}

function CommandButtons({ bot, disabled, onCommand }: CommandsProps) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap gap-1.5">
      {commandsOf(bot).map((command) => {
        const Icon = COMMAND_ICONS[command]
        return (
          <Button
            key={command}
            size="sm"
            variant={command === 'delete' ? 'ghost' : 'outline'}
            disabled={disabled}
            onClick={() => onCommand(command)}
            data-testid={`bot-${command}`}
          >
            <Icon aria-hidden />
            {t(commandKey(bot, command))}
          </Button>
        )
      })}
    </div>
  )
}

function CommandMenu({ bot, disabled, onCommand }: CommandsProps) {
  const { t } = useTranslation()
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon-sm"
          disabled={disabled}
          aria-label={t('bots.actionsOf', { name: bot.spec.name })}
          data-testid="bot-menu"
        >
          <EllipsisVertical />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        {commandsOf(bot).map((command) => {
          const Icon = COMMAND_ICONS[command]
          return (
            <DropdownMenuItem
              key={command}
              destructive={command === 'delete'}
              onSelect={() => onCommand(command)}
              data-testid={`bot-${command}`}
            >
              <Icon aria-hidden />
              {t(commandKey(bot, command))}
            </DropdownMenuItem>
          )
        })}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
