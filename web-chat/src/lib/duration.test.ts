import { expect, test } from 'vitest'

import { formatLeft, formatSpan } from './duration'

test.each([
  [581_000, '9:41'],
  [580_999, '9:40'],
  [59_000, '0:59'],
  [3_723_000, '1:02:03'],
  [-5_000, '0:00'],
])('%d ms are left as %s', (ms, shown) => {
  expect(formatLeft(ms)).toBe(shown)
})

test.each([
  [0, '0 sec'],
  [90, '90 sec'],
  [600, '10 min'],
  [7_200, '2 hr'],
  [86_400, '1 day'],
  [86_460, '1,441 min'],
  [2_591_999, '2,591,999 sec'],
])('%d s are a span of %s', (seconds, shown) => {
  expect(formatSpan(seconds, 'en')).toBe(shown)
})
