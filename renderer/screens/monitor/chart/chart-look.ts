/** Colours of a chart as the look in force has them; a canvas cannot ask the style sheet by itself. */
export type ChartLook = {
  readonly line: string;
  readonly quiet: string;
  readonly grid: string;
  readonly base: string;
  readonly text: string;
  readonly muted: string;
  readonly signal: string;
  /** Where lines and grid have the same colour, the grid is dotted. */
  readonly gridDash: readonly number[];
};

export function chartLook(): ChartLook {
  const style = getComputedStyle(document.documentElement);
  const of = (token: string): string => style.getPropertyValue(token).trim();
  // Under forced colours (high contrast) read system colours: a canvas is not adjusted by the browser.
  const isForced = window.matchMedia('(forced-colors: active)').matches;
  const or = (token: string, forced: string): string => (isForced ? forced : of(token));
  return {
    line: or('--series', 'CanvasText'),
    quiet: or('--muted', 'CanvasText'),
    grid: or('--line', 'GrayText'),
    base: or('--strong', 'CanvasText'),
    text: or('--text', 'CanvasText'),
    muted: or('--muted', 'CanvasText'),
    signal: or('--signal', 'Highlight'),
    gridDash: isForced || of('--line') === of('--series') ? [1, 4] : [],
  };
}

/** Calls back whenever the look may have changed. */
export function onLook(change: () => void): () => void {
  const watch = new MutationObserver(change);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const forced = window.matchMedia('(forced-colors: active)');
  forced.addEventListener('change', change);
  return () => {
    watch.disconnect();
    forced.removeEventListener('change', change);
  };
}
