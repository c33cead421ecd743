/** What ties an input to what is wrong with it, for those who do not see it. */
export function errorProps(id: string, error: string | undefined) {
  return {
    id,
    'aria-invalid': error !== undefined || undefined,
    'aria-describedby': error === undefined ? undefined : `${id}-error`,
  }
}
