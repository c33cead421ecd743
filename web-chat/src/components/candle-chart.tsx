import { lazy, Suspense } from 'react'

import type { CandleView } from '@/lib/api/types'

const Chart = lazy(() => import('./candle-chart-canvas'))

/** A small candle chart; its library is loaded when the first one is shown. */
export function CandleChart(props: { candles: readonly CandleView[]; label: string }) {
  return (
    <figure>
      <div className="h-44 w-full" role="img" aria-label={props.label}>
        <Suspense fallback={null}>
          <Chart {...props} />
        </Suspense>
      </div>
      <figcaption className="text-right text-[10px] text-muted-foreground">
        <a href="https://www.tradingview.com/" target="_blank" rel="noopener noreferrer">
          TradingView Lightweight Charts™
        </a>
      </figcaption>
    </figure>
  )
}
