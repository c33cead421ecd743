import { expect, test } from 'vitest'

import { csv, csvCell } from './csv'

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  [null, ''],
  [true, 'true'],
  [{ asked: '500' }, '"{""asked"":""500""}"'],
])('%j becomes %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell)
})

test('text that a spreadsheet would run is disarmed, a negative number is not', () => {
  expect(csvCell('=1+1')).toBe("'=1+1")
  expect(csvCell('@cmd')).toBe("'@cmd")
  expect(csvCell('-12.48')).toBe('-12.48')
})

test('a file has a head and one line a row', () => {
  expect(csv(['id', 'name'], [{ id: 1, name: 'a,b' }, { id: 2 }])).toBe(
    'id,name\r\n1,"a,b"\r\n2,\r\n',
  )
})
