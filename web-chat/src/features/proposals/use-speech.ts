import { useTranslation } from 'react-i18next'

import type { Speech } from '@/features/actions/words'
import { useStakeCurrency } from '@/features/status/api'
import type { ProposalView } from '@/lib/api/types'

/** What is needed to say a proposal's action in words. */
export function useSpeech({ bot_name }: ProposalView): Speech {
  const { t, i18n } = useTranslation()
  const currency = useStakeCurrency()
  return { t, locale: i18n.language, currency, botName: bot_name }
}
