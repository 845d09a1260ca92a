import type { Format } from '../../types.ts';
import { gather } from './gather.ts';
import { figure, foot, groupHead, head, summary } from './page.ts';

/** Labels whose photos are shown. */
const mostGroups = 25;

/** A report to be read and passed on: figures, a chart of the labels, and the strongest photos of each, in one file. */
export const html: Format = {
  kind: 'file',
  needsBoxes: false,
  leavesFaultsOut: false,
  write: async function* (source, { threshold, thumbnail }) {
    const gathered = await gather(source, threshold);
    yield head(source);
    yield summary(source, gathered);
    for (const group of gathered.groups.slice(0, mostGroups)) {
      yield groupHead(group);
      for (const shown of group.shown) yield figure(shown, (await thumbnail?.(shown.path)) ?? null);
      yield '</ul>\n';
    }
    yield foot;
  },
};
