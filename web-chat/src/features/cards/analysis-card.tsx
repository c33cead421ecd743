import { ChartCandlestick, FlaskConical, MoveRight, TrendingDown, TrendingUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { CandleChart } from '@/components/candle-chart'
import { CardFrame } from '@/components/card-frame'
import { Fact, Facts } from '@/components/facts'
import { Change, Money, Price } from '@/components/figures'
import { Badge } from '@/components/ui/badge'
import { Table, Tbody, Td, Th, Thead } from '@/components/ui/table'
import type { AnalysisView, CardOf } from '@/lib/api/types'
import { cn } from '@/lib/cn'
import { compare, formatPercent } from '@/lib/money'
import { formatTime } from '@/lib/time'

const TRENDS = {
  up: { Icon: TrendingUp, colour: 'text-gain' },
  down: { Icon: TrendingDown, colour: 'text-loss' },
  flat: { Icon: MoveRight, colour: 'text-muted-foreground' },
} as const

export function AnalysisCard({ card, at }: { card: CardOf<'analysis'>; at: string }) {
  const { t } = useTranslation()
  const { analysis } = card
  const quote = analysis.pair.split('/')[1] ?? ''
  return (
    <CardFrame
      kind="analysis"
      title={t('card.analysis', { pair: analysis.pair, timeframe: analysis.timeframe })}
      Icon={ChartCandlestick}
      at={at}
    >
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="text-xl font-semibold">
          <Price value={analysis.price} />
        </span>
        <Change percent={analysis.change_24h_pct} />
        <span className="text-xs text-muted-foreground">{t('analysis.in24h')}</span>
        {analysis.synthetic && (
          <Badge className="ml-auto self-center bg-secondary">
            <FlaskConical aria-hidden />
            {t('venue.syntheticData')}
          </Badge>
        )}
      </div>
      {analysis.candles.length > 0 && (
        <CandleChart
          candles={analysis.candles}
          label={t('analysis.chart', {
            count: analysis.candles.length,
            pair: analysis.pair,
            timeframe: analysis.timeframe,
          })}
        />
      )}
      <Facts>
        <Fact label={t('analysis.high')}>
          <Price value={analysis.high_24h} />
        </Fact>
        <Fact label={t('analysis.low')}>
          <Price value={analysis.low_24h} />
        </Fact>
        <Fact label={t('analysis.volume')}>
          <Money value={analysis.volume_24h} currency={quote} />
        </Fact>
      </Facts>
      <Trend analysis={analysis} />
      <Indicators analysis={analysis} />
    </CardFrame>
  )
}

function Trend({ analysis }: { analysis: AnalysisView }) {
  const { t, i18n } = useTranslation()
  const { Icon, colour } = TRENDS[analysis.trend]
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-xs">
      <span className={cn('inline-flex items-center gap-1 font-medium', colour)}>
        <Icon className="size-3.5" aria-hidden />
        {t('analysis.trend', { trend: t(`trend.${analysis.trend}`) })}
      </span>
      <span className="text-muted-foreground">{t(`analysis.because.${analysis.trend}`)}</span>
      <span className="ml-auto text-muted-foreground">
        {t('analysis.lastCandle', { at: formatTime(analysis.candle_at, i18n.language) })}
      </span>
    </p>
  )
}

function Indicators({ analysis }: { analysis: AnalysisView }) {
  const { t, i18n } = useTranslation()
  const averages = [
    ['EMA 20', analysis.ema_20],
    ['EMA 50', analysis.ema_50],
    ['EMA 200', analysis.ema_200],
  ] as const
  const number = (value: string) =>
    new Intl.NumberFormat(i18n.language, {
      maximumFractionDigits: 1,
      minimumFractionDigits: 1,
    }).format(value as `${number}`)
  return (
    <div className="-mx-3 -mb-3 border-t">
      <Table>
        <Thead>
          <tr>
            <Th>{t('analysis.indicator')}</Th>
            <Th numeric>{t('analysis.value')}</Th>
            <Th>{t('analysis.reading')}</Th>
          </tr>
        </Thead>
        <Tbody>
          <tr>
            <Td>RSI 14</Td>
            <Td numeric>{analysis.rsi_14 === null ? '–' : number(analysis.rsi_14)}</Td>
            <Td className="text-muted-foreground">{t(rsiKey(analysis.rsi_14))}</Td>
          </tr>
          {averages.map(([name, value]) => (
            <tr key={name}>
              <Td>{name}</Td>
              <Td numeric>
                <Price value={value} />
              </Td>
              <Td className="text-muted-foreground">{t(averageKey(analysis.price, value))}</Td>
            </tr>
          ))}
          <tr>
            <Td>ATR 14</Td>
            <Td numeric>
              {analysis.atr_14_pct === null
                ? '–'
                : formatPercent(analysis.atr_14_pct, i18n.language, 'negative')}
            </Td>
            <Td className="text-muted-foreground">{t('analysis.atr')}</Td>
          </tr>
        </Tbody>
      </Table>
    </div>
  )
}

function rsiKey(rsi: string | null): string {
  if (rsi === null) return 'analysis.tooFew'
  if (compare(rsi, '70') >= 0) return 'analysis.rsi.high'
  return compare(rsi, '30') <= 0 ? 'analysis.rsi.low' : 'analysis.rsi.middle'
}

function averageKey(price: string, average: string | null): string {
  if (average === null) return 'analysis.tooFew'
  return compare(price, average) >= 0 ? 'analysis.above' : 'analysis.below'
}
