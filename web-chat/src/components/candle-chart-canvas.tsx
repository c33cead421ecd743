import {
  CandlestickSeries,
  ColorType,
  createChart,
  type IChartApi,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import type { CandleView } from '@/lib/api/types'
import { formatPrice } from '@/lib/money'
import { useDark } from '@/lib/theme'
import { formatTime } from '@/lib/time'

/** The chart paints on a canvas, which reads no oklch: the browser turns a token into plain RGB. */
function colourOf(token: string): string {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!context) return '#888888'
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(token)
  context.fillRect(0, 0, 1, 1)
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
  return `rgb(${red}, ${green}, ${blue})`
}

function paint(chart: IChartApi, locale: string): void {
  chart.applyOptions({
    layout: {
      background: { type: ColorType.Solid, color: 'transparent' },
      textColor: colourOf('--muted-foreground'),
      fontFamily: 'Inter Variable, sans-serif',
      fontSize: 11,
      attributionLogo: false,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: colourOf('--border') } },
    rightPriceScale: { borderVisible: false },
    timeScale: {
      borderVisible: false,
      timeVisible: true,
      tickMarkFormatter: (time: Time) => clock(time, locale),
    },
  })
}

/** The library's clock is UTC; the reader's is not. */
function clock(time: Time, locale: string): string {
  return formatTime(new Date(Number(time) * 1000).toISOString(), locale)
}

function bars(candles: readonly CandleView[]) {
  return candles.map(({ at, open, high, low, close }) => ({
    time: (new Date(at).getTime() / 1000) as UTCTimestamp,
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
  }))
}

function candleColours() {
  const [gain, loss] = [colourOf('--gain'), colourOf('--loss')]
  return {
    upColor: gain,
    borderUpColor: gain,
    wickUpColor: gain,
    downColor: loss,
    borderDownColor: loss,
    wickDownColor: loss,
  }
}

export default function CandleChartCanvas({ candles }: { candles: readonly CandleView[] }) {
  const box = useRef<HTMLDivElement>(null)
  const dark = useDark()
  const { i18n } = useTranslation()
  const locale = i18n.language

  useEffect(() => {
    if (!box.current) return
    const chart = createChart(box.current, {
      autoSize: true,
      handleScroll: false,
      handleScale: false,
      localization: { locale, timeFormatter: (time: Time) => clock(time, locale) },
    })
    paint(chart, locale)
    const formatter = (price: number) => formatPrice(String(price), locale)
    const priceFormat = { type: 'custom' as const, minMove: 1e-8, formatter }
    chart.addSeries(CandlestickSeries, { ...candleColours(), priceFormat }).setData(bars(candles))
    chart.timeScale().fitContent()
    return () => chart.remove()
  }, [candles, dark, locale])

  return <div ref={box} className="h-full w-full" />
}
