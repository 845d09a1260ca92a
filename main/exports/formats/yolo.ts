import { fault } from '../../../contract/faults/faults.ts';
import { ExportError } from '../types.ts';
import type { Format } from '../types.ts';
import { placedItems } from './boxes.ts';

/**
 * A folder as YOLO's trainers read it: `labels/…/photo.txt` with a line `class x y width height` a box (its middle and
 * size as shares of the photo; an empty file for an empty photo), and `data.yaml` with the names of the classes. The
 * photos belong into `images/` beside it and are not copied. Source: https://docs.ultralytics.com/datasets/detect/.
 */
export const yolo: Format = {
  kind: 'folder',
  needsBoxes: true,
  leavesFaultsOut: true,
  write: async function* (source, { threshold }) {
    const names = new Map<number, string>();
    const photos = new Map<string, string>();
    for await (const { name, placed } of placedItems(source, threshold)) {
      const path = `labels/${name.replace(/\.[^./]+$/u, '')}.txt`;
      const first = photos.get(path);
      // YOLO knows a photo by its name without the ending: of two such, one would get the boxes of the other.
      if (first !== undefined) throw new ExportError(fault('export-names-clash', { first, second: name }));
      photos.set(path, name);
      const { width, height, boxes } = placed;
      const lines = boxes.map(({ index, label, box: [left, top, right, bottom] }) => {
        names.set(index, label);
        const shares = [
          (left + right) / 2 / width,
          (top + bottom) / 2 / height,
          (right - left) / width,
          (bottom - top) / height,
        ];
        return `${index} ${shares.map((share) => share.toFixed(6)).join(' ')}\n`;
      });
      yield { path, text: lines.join('') };
    }
    const classes = [...names]
      .sort(([a], [b]) => a - b)
      .map(([index, name]) => `  ${index}: ${JSON.stringify(name)}\n`);
    yield {
      path: 'data.yaml',
      text: `path: .\ntrain: images\nval: images\nnames:${classes.length > 0 ? '' : ' {}'}\n${classes.join('')}`,
    };
  },
};
