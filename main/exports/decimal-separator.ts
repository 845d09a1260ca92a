import type { CellSeparator } from '../../contract/runs/export.ts';

/** What stands between cells where this program runs: a semicolon where numbers have decimal commas, as Excel has it there. */
export const decimalSeparator = (): CellSeparator =>
  new Intl.NumberFormat().formatToParts(0.5).some(({ type, value }) => type === 'decimal' && value === ',')
    ? 'semicolon'
    : 'comma';
