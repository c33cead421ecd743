import { expect, test } from 'vitest'

import { formatAgo } from './time'

const AT = '2026-03-01T12:00:00Z'

test.each([
  [-5, 'now', 'agora'],
  [0, 'now', 'agora'],
  [59, '59 sec. ago', 'há 59 seg.'],
  [60, '1 min. ago', 'há 1 min.'],
  [7_199, '1 hr. ago', 'há 1 h'],
  [200_000, '2 days ago', 'anteontem'],
])('%i s later a moment was %s, %s', (seconds, en, pt) => {
  const now = Date.parse(AT) + seconds * 1_000
  expect(formatAgo(AT, now, 'en')).toBe(en)
  expect(formatAgo(AT, now, 'pt-BR')).toBe(pt)
})
