import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

import serverEn from '@words/en.json'
import serverPt from '@words/pt-BR.json'
import webEn from '@/locales/en.json'
import webPt from '@/locales/pt-BR.json'

import { isDecimal } from './money'
import { recall, remember } from './storage'

export const LANGUAGES = ['en', 'pt-BR'] as const
export type Language = (typeof LANGUAGES)[number]

/** The one of our languages that a language tag comes nearest to. */
export function readLanguage(tag: string): Language {
  return tag.toLowerCase().startsWith('pt') ? 'pt-BR' : 'en'
}

/** The sentences of the server and of the screen are one set, with `{name}` blanks. */
export const i18n = i18next.createInstance()

void i18n.use(initReactI18next).init({
  lng: readLanguage(recall('language') ?? navigator.language),
  fallbackLng: 'en',
  resources: {
    en: { translation: { ...serverEn, ...webEn } },
    'pt-BR': { translation: { ...serverPt, ...webPt } },
  },
  keySeparator: false,
  nsSeparator: false,
  interpolation: { prefix: '{', suffix: '}', escapeValue: false },
  missingInterpolationHandler: (_text: string, match: RegExpExecArray) => `[${match[1] ?? ''}]`,
})

/** Whether a text is the sentence of a key, in any of our languages: a conversation keeps the one it was said in. */
export function isSaying(key: string, text: string): boolean {
  return LANGUAGES.some((language) => i18n.getResource(language, 'translation', key) === text)
}

function markDocument(language: string): void {
  document.documentElement.lang = language
}

i18n.on('languageChanged', markDocument)
markDocument(i18n.language)

export function setLanguage(language: Language): void {
  remember('language', language)
  void i18n.changeLanguage(language)
}

/** Numbers of a refusal or a problem as this language writes them; what is not a decimal stays as it is. */
export function localNumbers(
  numbers: Readonly<Record<string, string>>,
  locale: string,
): Record<string, string> {
  const local = new Intl.NumberFormat(locale, { maximumFractionDigits: 8 })
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [
      name,
      isDecimal(value) ? local.format(value as `${number}`) : value,
    ]),
  )
}
