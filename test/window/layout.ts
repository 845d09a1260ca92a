import type { CDPSession, Page } from '@playwright/test';

/** A window of so many pixels on the screen, at 100 or 200 %. */
export type Look = { readonly width: number; readonly height: number; readonly zoom: 1 | 2 };
export const looks: readonly Look[] = [
  { width: 800, height: 500, zoom: 1 },
  { width: 1280, height: 800, zoom: 1 },
  { width: 1920, height: 1080, zoom: 1 },
  { width: 1280, height: 800, zoom: 2 },
];

/** Gives the page the room that it has in such a window; the layout is the one of a zoomed page, without moving a window. */
export async function setLook(page: Page, session: CDPSession, { width, height, zoom }: Look): Promise<void> {
  const size = { width: Math.floor(width / zoom), height: Math.floor(height / zoom) };
  await session.send('Emulation.setDeviceMetricsOverride', {
    ...size,
    deviceScaleFactor: zoom,
    mobile: false,
  });
  await page.evaluate(async (wanted) => {
    const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
    while (innerWidth !== wanted.width || innerHeight !== wanted.height) await frame();
    // What watches sizes is told in the first frame, and what it was told is drawn in the second.
    await frame();
    await frame();
    await frame();
  }, size);
}

/** What a person cannot read or cannot reach on the screen as it is; one line each. */
export function faultsOfLayout(page: Page): Promise<readonly string[]> {
  return page.evaluate(measure);
}

/* Runs in the page, so it is whole in itself. */
function measure(): readonly string[] {
  type Box = { left: number; top: number; right: number; bottom: number };

  const slack = 1.5;
  const leastCut = 28;
  const leastWell = 120;
  const found = new Set<string>();
  const styles = new Map<Element, CSSStyleDeclaration>();
  const styleOf = (element: Element): CSSStyleDeclaration => {
    const known = styles.get(element) ?? getComputedStyle(element);
    styles.set(element, known);
    return known;
  };
  const screen: Box = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const boxOf = ({ left, top, right, bottom }: Box): Box => ({ left, top, right, bottom });
  const meet = (a: Box, b: Box): Box => ({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  const wide = (box: Box): number => box.right - box.left;
  const high = (box: Box): number => box.bottom - box.top;
  const isSeen = (box: Box): boolean => wide(box) > slack && high(box) > slack;
  const name = (element: Element): string => {
    const label = (element.getAttribute('aria-label') ?? element.textContent ?? '')
      .replace(/\s+/gu, ' ')
      .trim();
    const kind = element.getAttribute('class')?.split(' ')[0] ?? element.tagName.toLowerCase();
    return `${kind} "${label.slice(0, 40)}"`;
  };
  const ancestors = function* (element: Element): Generator<Element> {
    for (let at = element.parentElement; at; at = at.parentElement) yield at;
  };
  const clips = (element: Element): boolean => styleOf(element).overflow !== 'visible';
  const scrolls = (element: Element, side: 'overflowX' | 'overflowY'): boolean =>
    /auto|scroll/u.test(styleOf(element)[side]);
  const isLaidOver = (element: Element): boolean => styleOf(element).position === 'fixed';
  /** What of it is to be seen, as its ancestors and the window cut it. */
  const shownOf = (element: Element, box: Box): Box => {
    let shown = meet(box, screen);
    if (isLaidOver(element)) return shown;
    for (const outer of ancestors(element)) {
      if (clips(outer)) shown = meet(shown, outer.getBoundingClientRect());
      if (isLaidOver(outer)) break;
    }
    return shown;
  };
  const scrollerOf = (element: Element): Element | null => {
    for (const outer of ancestors(element)) {
      if (scrolls(outer, 'overflowY') && outer.scrollHeight > outer.clientHeight + 1) return outer;
      if (isLaidOver(outer)) return null;
    }
    return null;
  };
  /** As `shownOf`, where the nearest that scrolls were scrolled to it. */
  const reachedOf = (element: Element, box: Box): Box => {
    let shown = box;
    for (const outer of ancestors(element)) {
      if (scrolls(outer, 'overflowY') && outer.scrollHeight > outer.clientHeight + 1) break;
      if (clips(outer)) shown = meet(shown, outer.getBoundingClientRect());
      if (isLaidOver(outer)) break;
    }
    return shown;
  };
  type Placed = { element: Element; box: Box; reached: Box; scroller: Element | null };
  const place = (element: Element, whole: Box): Placed => ({
    element,
    box: shownOf(element, whole),
    reached: reachedOf(element, whole),
    scroller: scrollerOf(element),
  });
  /** What two share, in the window as it is or, in one that scrolls, wherever that is. */
  const shared = (one: Placed, other: Placed): Box =>
    one.scroller === other.scroller ? meet(one.reached, other.reached) : meet(one.box, other.box);
  const top = [
    ...document.querySelectorAll('[role=dialog], [role=menu], [role=listbox].mantine-Select-options'),
  ]
    .filter((one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))
    .at(-1);
  const isAside = (element: Element): boolean =>
    element.closest('.hidden-words, [aria-hidden=true] .bar, .uplot, .mantine-Tooltip-tooltip') !== null ||
    (top !== undefined && !top.contains(element));
  const all = [...(top ?? document.body).querySelectorAll('*')].filter(
    (element) =>
      !isAside(element) &&
      !(element instanceof SVGElement) &&
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }),
  );

  // 1. Words: cut without a sign, cut to nothing, one on another, out of reach.
  const hasFullText = (element: Element): boolean => {
    let steps = 0;
    for (const one of [element, ...ancestors(element)]) {
      if (one.hasAttribute('title')) return true;
      steps += 1;
      if (steps > 4) return false;
    }
    return false;
  };
  const label: (Placed & { text: string; whole: Box })[] = [];
  for (const element of all)
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const text = node.textContent.replace(/\s+/gu, ' ').trim();
      for (const rect of range.getClientRects()) {
        const whole = boxOf(rect);
        if (!isSeen(whole)) continue;
        const own = clips(element) ? meet(whole, element.getBoundingClientRect()) : whole;
        label.push({ ...place(element, own), text, whole });
      }
    }
  /** The nearest that shows not all of it and that nobody can scroll. */
  const hider = (element: Element, whole: Box, side: 'x' | 'y'): Element | 'window' | null => {
    const [from, to] = side === 'x' ? (['left', 'right'] as const) : (['top', 'bottom'] as const);
    const scroll = side === 'x' ? 'overflowX' : 'overflowY';
    for (const one of [element, ...ancestors(element)]) {
      const rect = one.getBoundingClientRect();
      if (scrolls(one, scroll)) return null;
      if (
        styleOf(one)[scroll] !== 'visible' &&
        (whole[from] < rect[from] - slack || whole[to] > rect[to] + slack)
      )
        return one;
      if (isLaidOver(one)) break;
    }
    return whole[from] < screen[from] - slack || whole[to] > screen[to] + slack ? 'window' : null;
  };
  for (const { element, text, box, whole } of label) {
    const what = `"${text.slice(0, 48)}" in ${name(element)}`;
    const across = hider(element, whole, 'x');
    if (across === 'window') found.add(`outside the window: ${what}`);
    else if (across) {
      const cut = styleOf(across);
      if (cut.textOverflow !== 'ellipsis') found.add(`cut without a sign: ${what}`);
      else if (!hasFullText(across)) found.add(`cut, and told nowhere in full: ${what}`);
      else if (wide(meet(whole, across.getBoundingClientRect())) < leastCut)
        found.add(`cut to nothing: ${what}`);
    }
    const down = hider(element, whole, 'y');
    if (down === 'window') found.add(`below the window: ${what}`);
    else if (
      down &&
      styleOf(down).webkitLineClamp === 'none' &&
      high(meet(whole, down.getBoundingClientRect())) < high(whole) * 0.7
    )
      found.add(`cut below: ${what}`);
    const control = element.closest('button, .field, [role=option], [role=tab], label');
    if (control && isSeen(box)) {
      const rect = control.getBoundingClientRect();
      const out = meet(box, rect);
      if (high(out) < high(box) - 3 || wide(out) < wide(box) - 3)
        found.add(`outside of its own control: ${what}`);
    }
  }
  const layer = (element: Element): string => {
    for (const one of [element, ...ancestors(element)]) {
      const { position } = styleOf(one);
      // An open menu lies above the page until it closes.
      if (position === 'sticky' || position === 'fixed' || one.matches('[role=menu]')) return name(one);
    }
    return '';
  };
  label.forEach((one, at) => {
    for (const other of label.slice(at + 1)) {
      const both = shared(one, other);
      if (wide(both) < 2 || high(both) < 4) continue;
      // Lines of one text meet where their heights do.
      if (one.element === other.element && one.text === other.text) continue;
      if (layer(one.element) !== layer(other.element)) continue;
      found.add(`written over each other: "${one.text.slice(0, 32)}" and "${other.text.slice(0, 32)}"`);
    }
  });

  // 2. What a hand uses: on one another, covered, out of reach.
  const uses = all.filter(
    (element) =>
      element.matches('button, a[href], input, textarea, select, [role=option], [role=slider], summary') &&
      !element.closest(
        '.mantine-Switch-root, .mantine-SegmentedControl-root, .mantine-Checkbox-root, .mantine-Radio-root',
      ),
  );
  const handles = [
    ...uses,
    ...all.filter((element) =>
      element.matches('.mantine-Switch-track, .mantine-SegmentedControl-label, .mantine-Checkbox-inner'),
    ),
  ];
  const places = handles.map((element) => {
    const whole = boxOf(element.getBoundingClientRect());
    return { ...place(element, whole), whole };
  });
  places.forEach((one, at) => {
    const { element, whole, box } = one;
    if (hider(element, whole, 'x') !== null) found.add(`sideways out of reach: ${name(element)}`);
    if (hider(element, whole, 'y') !== null) found.add(`out of reach: ${name(element)}`);
    for (const other of places.slice(at + 1)) {
      if (element.contains(other.element) || other.element.contains(element)) continue;
      const both = shared(one, other);
      if (wide(both) > slack && high(both) > slack && layer(element) === layer(other.element))
        found.add(`on one another: ${name(element)} and ${name(other.element)}`);
    }
    if (!isSeen(box)) return;
    const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    if (
      hit &&
      !element.contains(hit) &&
      !hit.contains(element) &&
      layer(hit) === layer(element) &&
      !element.parentElement?.contains(hit)
    )
      found.add(`covered: ${name(element)} by ${name(hit)}`);
  });

  // 3. Sideways scrolling only where lines are long by nature; what scrolls has room to be read.
  for (const element of all) {
    if (scrolls(element, 'overflowX') && element.scrollWidth > element.clientWidth + slack)
      if (!element.closest('pre, .strip, .well, .monitor-table, .export-rows, [role=table]'))
        found.add(`scrolls sideways: ${name(element)}`);
    if (scrolls(element, 'overflowY') && element.scrollHeight > element.clientHeight + slack)
      if (element.clientHeight < 72 && !element.closest('.strip'))
        found.add(`a slit of ${element.clientHeight} px: ${name(element)}`);
  }

  // 4. The photo, its figures and the fault beside it.
  const well = document.querySelector('.well');
  if (well && !top && (well.clientHeight < leastWell || well.clientWidth < leastWell))
    found.add(`the photo has ${well.clientWidth} × ${well.clientHeight} px`);
  const zoom = document.querySelector('.zoom')?.textContent ?? '';
  const percent = Number(/-?\d+/u.exec(zoom.replace('−', '-'))?.[0] ?? 100);
  if (percent < 2 || percent > 800) found.add(`zoom stands at ${zoom}`);
  const status = document.querySelector('footer')?.getBoundingClientRect();
  for (const card of document.querySelectorAll('.fault-card')) {
    const box = shownOf(card, card.getBoundingClientRect());
    if (status && !top && box.bottom > status.top + slack) found.add(`through the status bar: ${name(card)}`);
  }
  return [...found];
}
