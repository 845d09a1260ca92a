import { recordOf } from '../rows.ts';
import type { Format } from '../types.ts';

/** A record a line, with what a person said of the photo. */
export const jsonl: Format = {
  kind: 'file',
  needsBoxes: false,
  leavesFaultsOut: false,
  write: async function* (source, { threshold }) {
    for await (const item of source.items()) {
      const { path: input, name: file, confirmed, label, score, takenAt, event, duplicateOf } = item;
      const record = recordOf(item, { threshold }) ?? { input, label, score };
      yield `${JSON.stringify({
        ...record,
        file,
        ...(confirmed && { confirmed }),
        site: item.deployment.site.name,
        ...(takenAt !== null && { takenAt }),
        ...(event && { event: event.id }),
        ...(duplicateOf !== null && { duplicateOf }),
      })}\n`;
    }
  },
};
