/** Where the focus stood: the element, and its ancestors from inner to outer, each with the place of its child on the way. */
export type Stand = {
  readonly element: HTMLElement;
  readonly path: readonly { readonly parent: Element; readonly at: number }[];
};

const focusable = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])';
/** What a view or a dialog wants to have focused first; the second may be no stop of the Tab key. */
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
 * What takes the focus over from an element that is gone: itself if it came back, what it names by `data-focus-to`, else
 * the nearest thing to where it was. Older stands are asked where nothing is left of the newest, as after a dialog.
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

/** From the place of the one that is gone onwards, else the last before it. */
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
