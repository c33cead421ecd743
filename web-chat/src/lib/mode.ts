/** Whatever is not known to be simulated counts as real money. */
export function isReal(mode: string): boolean {
  return mode !== 'SIMULATED'
}

/** The outline of a panel that belongs to one mode: dashed indigo or solid amber. */
export function modeOutline(mode: string | undefined): string {
  if (mode === undefined) return 'border'
  return isReal(mode)
    ? 'border-2 border-solid border-real/80'
    : 'border border-dashed border-sim/55'
}
