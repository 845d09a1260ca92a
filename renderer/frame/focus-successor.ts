/**
 * A former focus position: the element, and its ancestors from inner to outer, each with the index of the child on the
 * path.
 */
export type Stand = {
  readonly element: HTMLElement;
  readonly path: readonly { readonly parent: Element; readonly at: number }[];
};

const focusable = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])';
/**
 * Marks the element that a view or dialog wants to have focused first; `data-focus-first` may be one outside the tab
 * order.
 */
const wanted = '[data-autofocus], [data-focus-first]';

export function standOf(element: HTMLElement): Stand {
  const path: { parent: Element; at: number }[] = [];
  let child: Element = element;
  for (let parent = child.parentElement; parent; parent = child.parentElement) {
    path.push({ parent, at: [...parent.children].indexOf(child) });
    child = parent;
  }
  return { element, path };
}

/**
 * The element that takes over the focus from a removed one: itself if it is back, the one named by its `data-focus-to`,
 * else the nearest focusable one to its former place. When nothing is left there, for example after a dialog, the
 * position before it is tried.
 */
export function successor(stands: readonly Stand[]): HTMLElement | null {
  for (const { element, path } of stands) {
    if (canFocus(element)) return element;
    const named = element.dataset['focusTo'];
    const heir = named && first(document.body, `[data-focus-at="${named}"]`);
    if (heir) return heir;
    for (const { parent, at } of path) {
      if (!parent.isConnected) continue;
      if (parent === document.body || parent.id === 'root') break;
      const next = first(parent, wanted) ?? (parent.matches('main') ? parent : neighbour(parent, at));
      if (next) return next as HTMLElement;
    }
  }
  return null;
}

/** The next focusable element after the removed one, else the last one before it. */
function neighbour(parent: Element, at: number): HTMLElement | null {
  const children = [...parent.children];
  for (const child of children.slice(at)) {
    const found = reachable(child)[0];
    if (found) return found;
  }
  for (const child of children.slice(0, at).toReversed()) {
    const found = reachable(child).at(-1);
    if (found) return found;
  }
  return null;
}

function reachable(within: Element): HTMLElement[] {
  const inside = [...within.querySelectorAll<HTMLElement>(focusable)];
  const all = within instanceof HTMLElement && within.matches(focusable) ? [within, ...inside] : inside;
  return all.filter((element) => canFocus(element) && element.tabIndex >= 0);
}

const first = (within: Element, selector: string): HTMLElement | undefined =>
  [...within.querySelectorAll<HTMLElement>(selector)].find(canFocus);

export function canFocus(element: HTMLElement): boolean {
  return (
    element.isConnected &&
    !element.matches(':disabled') &&
    element.closest('[inert], [aria-hidden="true"]') === null &&
    element.getClientRects().length > 0
  );
}
