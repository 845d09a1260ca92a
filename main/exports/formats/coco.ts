import type { Format } from '../types.ts';
import { placedItems } from './boxes.ts';

/**
 * COCO's object detection in one file: images (the empty ones too), boxes as [left, top, width, height] in pixels, and
 * categories, whose ids are the model's indexes from 1 on; site and event as COCO Camera Traps has them.
 * Sources: https://cocodataset.org/#format-data, https://lila.science/coco-camera-traps.
 */
export const coco: Format = {
  kind: 'file',
  needsBoxes: true,
  leavesFaultsOut: true,
  write: async function* (source, { threshold }) {
    const { title, model, version, startedAt } = source;
    const info = { description: title, version: `${model}@${version}`, date_created: startedAt };
    yield `{"info":${JSON.stringify(info)},"licenses":[],\n"images":[`;
    let image = 0;
    for await (const item of placedItems(source, threshold)) {
      const { name, confirmed, takenAt, deployment, event } = item;
      const { width, height } = item.placed;
      const one = {
        id: (image += 1),
        file_name: name,
        width,
        height,
        ...(takenAt !== null && { date_captured: takenAt.replace('T', ' ') }),
        location: deployment.site.name,
        ...(event && { seq_id: event.id }),
        ...(confirmed && { confirmed }),
      };
      yield `${image > 1 ? ',' : ''}\n${JSON.stringify(one)}`;
    }
    yield '],\n"annotations":[';
    const categories = new Map<number, string>();
    let [at, annotation] = [0, 0];
    for await (const { placed } of placedItems(source, threshold)) {
      at += 1;
      for (const { index, label, score, box } of placed.boxes) {
        categories.set(index, label);
        const [left, top, right, bottom] = box;
        const one = {
          id: (annotation += 1),
          image_id: at,
          category_id: index + 1,
          bbox: [left, top, right - left, bottom - top],
          area: (right - left) * (bottom - top),
          iscrowd: 0,
          score,
        };
        yield `${annotation > 1 ? ',' : ''}\n${JSON.stringify(one)}`;
      }
    }
    yield `],\n"categories":${JSON.stringify(
      [...categories]
        .sort(([a], [b]) => a - b)
        .map(([index, name]) => ({ id: index + 1, name, supercategory: '' })),
    )}}\n`;
  },
};
