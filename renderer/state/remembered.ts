import { cell } from './cell.ts';
import type { Cell } from './cell.ts';

/** A measure that a hand chose on this computer, there again after the next start; null is what the look gives. */
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
