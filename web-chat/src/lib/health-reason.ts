import type { TFunction } from 'i18next'

/** Why a bot's process is not well: a known reason (with its number, as in "exited:1") in words, another one as it came. */
export function sayHealthReason(reason: string | null, t: TFunction): string {
  if (!reason) return t('health.reason.unknown')
  const [kind = '', number = ''] = reason.split(':')
  const said = t(`health.reason.${kind}`, { code: number, signal: number, defaultValue: '' })
  return said || reason
}
