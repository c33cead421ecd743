/** A cell of a CSV file; text that a spreadsheet would run as a formula is disarmed, numbers stay numbers. */
export function csvCell(value: unknown): string {
  const text = asText(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function csv<Column extends string>(
  columns: readonly Column[],
  rows: readonly Partial<Record<Column, unknown>>[],
): string {
  const lines = rows.map((row) => columns.map((column) => csvCell(row[column])).join(','))
  return [columns.join(','), ...lines].join('\r\n') + '\r\n'
}

/** Saves rows as a CSV file through the browser. */
export function saveCsv<Column extends string>(
  name: string,
  columns: readonly Column[],
  rows: readonly Partial<Record<Column, unknown>>[],
): void {
  const file = new Blob(['\uFEFF', csv(columns, rows)], { type: 'text/csv;charset=utf-8' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `tradehelm-${name}-${new Date().toISOString().slice(0, 10)}.csv`
  link.click()
  URL.revokeObjectURL(link.href)
}
