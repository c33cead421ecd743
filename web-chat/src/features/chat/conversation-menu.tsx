import { useNavigate } from '@tanstack/react-router'
import { Check, ChevronDown, MessageSquarePlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/components/ui/button'
import {
  Command,
  CommandEmpty,
  CommandInput,
  CommandItem,
  CommandList,
} from '@/components/ui/command'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { When } from '@/components/when'

import { useConversations } from './api'

/** The conversation's title, the list of the others, and a new one. */
export function ConversationMenu({ conversationId }: { conversationId: string | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const conversations = useConversations().data ?? []
  const current = conversations.find(({ id }) => id === conversationId)

  function go(id: string | undefined) {
    setOpen(false)
    void navigate({ to: '/chat/{-$conversationId}', params: { conversationId: id } })
  }

  return (
    <div className="mx-auto flex h-11 w-full max-w-[760px] items-center justify-between gap-2 px-4">
      <h1 className="sr-only">{current?.title || t('chat.new')}</h1>
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button
            variant="ghost"
            size="sm"
            className="-ml-2.5 min-w-0 shrink text-sm text-foreground"
            data-testid="conversations"
          >
            <span className="sr-only">{t('chat.conversations')}: </span>
            <span className="truncate">{current?.title || t('chat.new')}</span>
            <ChevronDown className="text-muted-foreground" aria-hidden />
          </Button>
        </PopoverTrigger>
        <PopoverContent className="w-[min(22rem,calc(100vw-2rem))]">
          <Command>
            <CommandInput placeholder={t('chat.findConversation')} />
            <CommandList>
              <CommandEmpty>{t('chat.noConversations')}</CommandEmpty>
              {conversations.map((conversation) => (
                <CommandItem
                  key={conversation.id}
                  value={`${conversation.title} ${conversation.id}`}
                  onSelect={() => go(conversation.id)}
                  data-testid="conversation"
                >
                  <span className="min-w-0 flex-1 truncate">
                    {conversation.title || t('chat.untitled')}
                  </span>
                  {conversation.id === conversationId && <Check aria-hidden />}
                  <When
                    at={conversation.updated_at}
                    className="text-[11px] num text-muted-foreground"
                  />
                </CommandItem>
              ))}
            </CommandList>
          </Command>
        </PopoverContent>
      </Popover>
      {conversationId !== undefined && (
        <Button
          variant="ghost"
          size="sm"
          onClick={() => go(undefined)}
          data-testid="new-conversation"
        >
          <MessageSquarePlus aria-hidden />
          {t('chat.new')}
        </Button>
      )}
    </div>
  )
}
