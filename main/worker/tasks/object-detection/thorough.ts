import {
  suppress,
  type Rectangle,
  type Size,
  type Suppression,
  type View,
} from '../../../../contract/pictures/boxes.ts';
import { ok, type Outcome } from '../../../../contract/faults/faults.ts';
import type { PreprocessingStep } from '../../../../contract/packs/picture-steps.ts';
import type { Detection } from '../../../../contract/tasks/detections.ts';
import { seenOf, type Picture, type Pixels } from '../../decoder.ts';
import { placeOf } from '../../letterbox.ts';
import { decodeSpec, letterboxOf } from '../../preprocess.ts';
import type { TaskInput } from '../task.ts';
import { look, type Detector } from './look.ts';
import { isCut, planTiles } from './tiles.ts';

export type Found = { readonly photo: Size; readonly detections: readonly Detection[] };

/** How boxes of several looks at a photo go together where the graph itself suppresses within one. */
const usualSuppression: Suppression = { iou: 0.5, across: 'label' };

/**
 * Looks at the whole photo as always, and then at overlapping tiles of it, which show small things larger. The photo is
 * decoded once. Of what several looks found the pack's non-maximum suppression keeps the best, and what a tile's border
 * cuts is left to the look that sees it whole.
 */
export async function lookThoroughly(detector: Detector, asked: TaskInput): Promise<Outcome<Found>> {
  const { spec, steps } = detector;
  const decoded = await asked.whole(spec.preprocessing);
  if (!decoded.ok) return decoded;
  const whole = decoded.value;
  const photo = { width: whole.width, height: whole.height };
  const looks: (readonly Detection[])[] = [];
  for await (const { pixels, view, isTile } of looksAt(whole, spec.preprocessing, asked)) {
    const seen = await look(detector, pixels, view);
    if (!seen.ok) return seen;
    looks.push(isTile ? seen.value.filter(({ box }) => !isCut(box, view.seen, photo)) : seen.value);
  }
  const [only, ...others] = looks;
  if (only && others.length === 0) return ok({ photo, detections: only });
  const merged = suppress(looks.flat(), steps.nms ?? usualSuppression, steps.boxes.maxBoxes);
  return ok({ photo, detections: merged });
}

type Look = { readonly pixels: Pixels; readonly view: View; readonly isTile: boolean };
type Steps = readonly PreprocessingStep[];

/** The whole picture first, as a plain look has it; the pixels of one look at a time are in memory. */
async function* looksAt(whole: Picture, steps: Steps, { cut }: TaskInput): AsyncGenerator<Look> {
  const spec = decodeSpec(steps);
  const photo = { width: whole.width, height: whole.height };
  const lookAt = async (from: Pixels, part: Rectangle, isTile: boolean): Promise<Look> => {
    const { resize } = seenOf(part, { ...spec, crop: null });
    const pixels = await cut(from, part, resize && isSameSize(resize, part) ? null : resize);
    const [x, y] = [photo.width / from.outWidth, photo.height / from.outHeight];
    const { left, top, width, height } = part;
    const seen = { left: left * x, top: top * y, width: width * x, height: height * y };
    return { pixels, isTile, view: { photo, seen, placed: placeOf(pixels, letterboxOf(steps)) } };
  };
  const size = { width: whole.outWidth, height: whole.outHeight };
  yield lookAt(whole, seenOf(size, spec).seen, false);
  const tiling = spec.resize && planTiles(size, spec.resize);
  if (!spec.resize || !tiling) return;
  const scaled = isSameSize(tiling.size, size)
    ? whole
    : await cut(whole, { left: 0, top: 0, ...size }, { ...spec.resize, ...tiling.size });
  for (const tile of tiling.tiles) yield lookAt(scaled, tile, true);
}

const isSameSize = (one: Size, other: Size): boolean =>
  one.width === other.width && one.height === other.height;
