import { cell } from './cell.ts';
import type { Cell } from './cell.ts';

/** A size that the user set, kept across restarts; null for the default of the style sheet. */
export function rememberedNumber(
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): Cell<number | null> {
  const key = `outpost.${name}`;
  const stored = Number.parseFloat(localStorage.getItem(key) ?? '');
  const value = cell<number | null>(Number.isFinite(stored) ? Math.max(least, Math.min(most, stored)) : null);
  value.subscribe(() => {
    const now = value.get();
    if (now === null) localStorage.removeItem(key);
    else localStorage.setItem(key, String(now));
  });
  return value;
}
