import type { ExportItem, ExportSource, Format } from '../types.ts';
import { placedOf } from './boxes.ts';

/**
 * As a number with a point: the validator that is published with the format takes no other `conf`, and JSON writes a score of
 * 0.9999 as 1. Source: MegaDetector's validate_batch_results.py.
 */
const confText = (score: number): string => {
  const text = String(Math.round(score * 1000) / 1000);
  return text.includes('.') ? text : `${text}.0`;
};

/** Shares of the photo to four places, as MegaDetector's own files have them: a tenth of a pixel at 1,000. */
const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;

/**
 * The batch format of MegaDetector, version 1.5, which Timelapse and others read: every box that is kept, since they have
 * thresholds of their own. Source: https://lila.science/megadetector-output-format.
 */
export const megadetector: Format = {
  kind: 'file',
  needsBoxes: true,
  leavesFaultsOut: false,
  write: async function* (source, { threshold = 0 }) {
    yield '{"images":[';
    const categories = new Map<number, string>();
    let usual: number | null = null;
    let isFirst = true;
    for await (const item of source.items()) {
      const { result } = item.record ?? {};
      if (result && 'threshold' in result) usual ??= Number(result.threshold);
      yield `${isFirst ? '' : ','}\n${imageText(item, { source, threshold, categories })}`;
      isFirst = false;
    }
    const names = [...categories].sort(([a], [b]) => a - b).map(([index, name]) => [String(index + 1), name]);
    const info = {
      format_version: '1.5',
      detector: `${source.model}@${source.version}`,
      detection_completion_time: source.startedAt.slice(0, 19).replace('T', ' '),
      ...(usual !== null && { detector_metadata: { typical_detection_threshold: usual } }),
    };
    yield `],\n"detection_categories":${JSON.stringify(Object.fromEntries(names))},\n"info":${JSON.stringify(info)}}\n`;
  },
};

/** As EXIF writes it, which MegaDetector's own program passes on; the published format neither asks for it nor forbids it. */
const datetimeOf = ({ takenAt }: ExportItem): object =>
  takenAt === null ? {} : { datetime: takenAt.replaceAll('-', ':').replace('T', ' ') };

function imageText(
  item: ExportItem,
  work: {
    readonly source: ExportSource;
    readonly threshold: number;
    readonly categories: Map<number, string>;
  },
): string {
  if (item.fault) return JSON.stringify({ file: item.name, failure: item.fault.message, detections: null });
  const { width, height, boxes } = placedOf(item, work.source, work.threshold);
  const detections = boxes.map(({ index, label, score, box: [left, top, right, bottom] }) => {
    work.categories.set(index, label);
    const bbox = [left / width, top / height, (right - left) / width, (bottom - top) / height].map(rounded);
    return `{"category":"${index + 1}","conf":${confText(score)},"bbox":${JSON.stringify(bbox)}}`;
  });
  const image = JSON.stringify({ file: item.name, ...datetimeOf(item) });
  return `${image.slice(0, -1)},"detections":[${detections.join(',')}]}`;
}
