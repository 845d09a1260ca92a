import type { CSSProperties } from 'react';
import { useCell } from './cell.ts';
import { rememberedNumber } from './remembered.ts';

/** CSS pixels. The style sheet also reserves space for the photo in a narrow window. */
export const leastPane = 280;
export const mostPane = 720;
export const paneWidth = rememberedNumber('pane-width', { least: leastPane, most: mostPane });

export function widenPane(to: number): void {
  paneWidth.set(Math.round(Math.max(leastPane, Math.min(mostPane, to))));
}

/** The chosen width as a style; without one the style sheet's default applies. */
export function usePaneStyle(): CSSProperties | undefined {
  const chosen = useCell(paneWidth);
  return chosen === null ? undefined : ({ '--pane-width': `${chosen}px` } as CSSProperties);
}
