import { describe, expect, test } from 'vitest'

import {
  compare,
  formatAmount,
  formatExact,
  formatMoney,
  formatPercent,
  formatPrice,
  isDecimal,
  readDecimal,
  share,
  signOf,
  sum,
  times,
} from './money'

describe('formatting', () => {
  test.each([
    ['1234.5', 'USDT', 'en', '1,234.50'],
    ['1234.5', 'USDT', 'pt-BR', '1.234,50'],
    ['0.1', 'BTC', 'en', '0.10'],
    ['0.00012345', 'BTC', 'en', '0.00012345'],
    ['-0.004', 'USDT', 'en', '0.00'],
  ])('%s %s in %s is %s', (value, currency, locale, shown) => {
    expect(formatMoney(value, currency, locale)).toBe(shown)
  })

  test('no digit is lost to binary numbers', () => {
    expect(formatMoney('90071992547409931.23', 'USDT', 'en')).toBe('90,071,992,547,409,931.23')
    expect(formatMoney('1.005', 'USDT', 'en')).toBe('1.01')
  })

  test.each([
    ['119.999999', 'en', '119.999999'],
    ['1234567890123456.12345678', 'en', '1,234,567,890,123,456.12345678'],
    ['1234567890123456.12345678', 'pt-BR', '1.234.567.890.123.456,12345678'],
    [
      '123456789012345678901234567890.123456789012345678901234',
      'en',
      '123,456,789,012,345,678,901,234,567,890.123456789012345678901234',
    ],
    ['100', 'en', '100.00'],
    ['100.50000000', 'pt-BR', '100,50'],
    ['-0.004', 'en', '-0.004'],
    ['-0.00', 'en', '0.00'],
    ['+007.1', 'en', '7.10'],
    ['1E-8', 'en', '1E-8'],
  ])('what a person confirms shows every digit: %s in %s is %s', (value, locale, shown) => {
    expect(formatExact(value, locale)).toBe(shown)
  })

  test('exact digits have no places that say nothing where none are asked for', () => {
    expect(['7', '1.50', '0.123456789'].map((value) => formatExact(value, 'en', 0))).toEqual([
      '7',
      '1.5',
      '0.123456789',
    ])
  })

  test.each([
    ['3.4129', '+3.41'],
    ['-12.4821', '-12.48'],
    ['0', '0.00'],
  ])('a gain or loss of %s has its sign: %s', (value, shown) => {
    expect(formatMoney(value, 'USDT', 'en', 'exceptZero')).toBe(shown)
  })

  test('a loss that rounds to nothing can keep its sign', () => {
    expect(formatMoney('-0.004', 'USDT', 'en', 'always')).toBe('-0.00')
  })

  test.each([
    ['97012.5', '97,012.50'],
    ['241.12345', '241.1235'],
    ['0.38215', '0.38215'],
    ['0.000012345678', '0.0000123457'],
  ])('a price of %s has the places that it needs: %s', (value, shown) => {
    expect(formatPrice(value, 'en')).toBe(shown)
  })

  test('percentages and amounts', () => {
    expect(formatPercent('1.846', 'en')).toBe('+1.85%')
    expect(formatPercent('-0.5', 'pt-BR')).toBe('-0,50%')
    expect(formatAmount('0.00051532', 'en')).toBe('0.00051532')
  })
})

describe('arithmetic', () => {
  test.each([
    [['0.1', '0.2'], '0.3'],
    [['1', '-0.00000001'], '0.99999999'],
    [['-5', '2.5'], '-2.5'],
    [['-0.2', '0.1'], '-0.1'],
    [[], '0'],
  ])('the sum of %s is %s', (values, total) => {
    expect(sum(values)).toBe(total)
  })

  test('compares exactly', () => {
    expect(compare('100', '100.00')).toBe(0)
    expect(compare('0.1', '0.10000001')).toBe(-1)
    expect(compare('-1', '-2')).toBe(1)
  })

  test('the sign of a number', () => {
    expect([signOf('0.00'), signOf('-0.00'), signOf('-0.01'), signOf('7')]).toEqual([0, 0, -1, 1])
  })

  test('a share is from 0 to 1, whatever it is of', () => {
    expect(share('50', '200')).toBe(0.25)
    expect(share('300', '200')).toBe(1)
    expect(share('1', '0')).toBe(0)
  })
})

describe('reading', () => {
  test.each([
    ['250', '250'],
    [' 99,50 ', '99.50'],
    ['1.5', '1.5'],
    ['1.000,50', null],
    ['-5', null],
    ['1e3', null],
    ['', null],
  ])('%j is read as %j', (typed, value) => {
    expect(readDecimal(typed)).toBe(value)
  })

  test('what is a decimal', () => {
    expect(['1', '-1.5', '1.', 'BTC/USDT', '12:30'].map(isDecimal)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

test('so many times a value is exact', () => {
  expect(times('0.1', 3)).toBe('0.3')
  expect(times('1234567890123456.12345678', 2)).toBe('2469135780246912.24691356')
  expect(times('50', 0)).toBe('0')
})
