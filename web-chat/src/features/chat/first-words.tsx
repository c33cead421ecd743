import { ArrowUpRight, Bot, ChartCandlestick, ListOrdered, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'

const SAYINGS = [
  { key: 'create', Icon: Bot },
  { key: 'analyse', Icon: ChartCandlestick },
  { key: 'show', Icon: ListOrdered },
  { key: 'limit', Icon: ShieldCheck },
] as const

/** What to say to begin with: the first one makes a bot and starts it. */
export function FirstWords({ onSay }: { onSay: (text: string) => void }) {
  const { t } = useTranslation()
  return (
    <div className="mx-auto max-w-xl pt-[8vh]" data-testid="first-words">
      <h1 className="text-xl font-semibold">{t('first.title')}</h1>
      <p className="mt-1.5 max-w-[52ch] leading-relaxed text-muted-foreground">{t('first.lead')}</p>
      <ul className="mt-6 space-y-2">
        {SAYINGS.map(({ key, Icon }) => (
          <li key={key}>
            <button
              type="button"
              onClick={() => onSay(t(`first.${key}`))}
              className="group flex w-full items-start gap-3 rounded-lg border bg-card px-3.5 py-3 text-left transition-colors outline-none hover:border-input hover:bg-accent/50 focus-visible:ring-2 focus-visible:ring-ring"
              data-testid={`first-${key}`}
            >
              <Icon className="mt-0.5 size-4 shrink-0 text-muted-foreground" aria-hidden />
              <span className="min-w-0 flex-1">
                <span className="block">{t(`first.${key}`)}</span>
                <span className="mt-0.5 block text-xs text-muted-foreground">
                  {t(`first.${key}.why`)}
                </span>
              </span>
              <ArrowUpRight
                className="mt-0.5 size-4 shrink-0 text-muted-foreground opacity-0 transition-opacity group-hover:opacity-100"
                aria-hidden
              />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
