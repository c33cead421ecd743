import { useBot } from '@/features/bots/api'
import type { BotView } from '@/lib/api/types'

/** A card's bot as it is now; as it was when the card was made where it is gone since. */
export function useLiveBot(bot: BotView): { bot: BotView; gone: boolean } {
  const live = useBot(bot.id)
  return { bot: live ?? bot, gone: live === null }
}
