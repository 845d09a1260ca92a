import { basename } from 'node:path';
import { z } from 'zod';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { PostprocessingStep } from '../../../contract/tasks/index.ts';
import { PreprocessingStep } from '../../../contract/packs/picture-steps.ts';
import type { TaskId } from '../../../contract/tasks/index.ts';
import { integerRange } from '../../../contract/packs/picture-input.ts';
import { detail } from '../../../contract/faults/reasons.ts';
import type { Reason } from '../../../contract/faults/reasons.ts';
import type { PhotoSteps } from '../../../contract/packs/pack-build.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';
import { describeIssues } from '../issues.ts';
import { about } from './about.ts';
import type { Facts } from './facts.ts';
import { findPreset, presetNames } from './presets.ts';
import type { PhotoPreset, Preset } from './presets.ts';
import { readJsonFile } from './json-file.ts';
import { mayTakePhotos, pictureNotes } from './picture-input.ts';
import type { PictureInput } from './picture-input.ts';
import type { BuildRequest } from './request.ts';
import type { Ending, Reading } from './tasks/index.ts';

export type Steps = {
  readonly preset: Preset | null;
  readonly preprocessing: readonly PreprocessingStep[];
  /** Notes for the user about the input. */
  readonly notes: readonly Reason[];
} & Ending;
type Size = { readonly width: number; readonly height: number };

const StepsFile = z.union([
  z.array(PreprocessingStep),
  z.strictObject({
    preprocessing: z.array(PreprocessingStep),
    postprocessing: z.array(PostprocessingStep).optional(),
  }),
]);

/** Pre- and postprocessing steps, from a preset or the user's own file. */
export async function readSteps(
  request: BuildRequest,
  facts: Facts,
  { task, reading }: { readonly task: TaskId; readonly reading: Reading },
): Promise<Outcome<Steps>> {
  const name = request.answers.preprocess ?? facts.preset ?? 'raw';
  const preset = findPreset(name);
  const last = reading.ending;
  const { picture, candidates } = facts;
  if (!takesPictures(task)) {
    const isLikely = picture !== null && request.answers.task === undefined && candidates.length > 0;
    const notes = isLikely ? [mayTakePhotos(picture)] : [];
    return ok({ preset: preset ?? null, preprocessing: [], notes, ...last });
  }
  if (request.photo || preset) {
    const size = about('size', sizeOf(request, facts));
    if (!size.ok) return size;
    const photo = request.photo ?? preset?.photo ?? null;
    // A preset changed by hand must not be named as the source any more.
    const named = request.photo ? null : (preset ?? null);
    if (photo && picture && size.value) {
      const steps = stepsOf(photo, picture, size.value);
      if (!steps.ok) return about('preprocess', steps);
      return ok({
        preset: named,
        preprocessing: steps.value,
        notes: pictureNotes(picture, true),
        ...last,
      });
    }
    const reason = `--preprocess ${name} prepares no photo; --task ${task} takes one of ${presetNames.filter((each) => findPreset(each)?.photo).join(', ')}, or a JSON file.`;
    return photo
      ? ok({ preset: named, preprocessing: [], notes: [], ...last })
      : about('preprocess', failed('usage', { reason, command: 'pack build' }));
  }
  const json = await readJsonFile(name);
  if (!json.ok) return about('preprocess', json);
  const parsed = StepsFile.safeParse(json.value);
  if (!parsed.success)
    return about(
      'preprocess',
      failed('file-unfit', { file: basename(name), reason: detail(describeIssues(parsed.error)) }),
    );
  const own = Array.isArray(parsed.data) ? { preprocessing: parsed.data } : parsed.data;
  const { preprocessing, postprocessing } = own;
  const ending = postprocessing === undefined ? last : reading.own(postprocessing);
  const notes = picture ? pictureNotes(picture, false) : [];
  return ok({ preset: null, preprocessing, notes, ...ending });
}

/** Parses `224` or `320x240`, width first. */
export function parseSize(text: string): Size | null {
  const [, width, height = width] = /^([1-9]\d{0,3})(?:[x×]([1-9]\d{0,3}))?$/u.exec(text.trim()) ?? [];
  const size = { width: Number(width), height: Number(height) };
  return size.width >= 1 && size.width <= 4096 && size.height >= 1 && size.height <= 4096 ? size : null;
}

/** The size fixed by the graph, completed by the answers; null while a side is unknown. */
function sizeOf({ answers }: BuildRequest, { picture }: Facts): Outcome<Size | null> {
  if (!picture) return ok(null);
  const asked = answers.size === undefined ? null : parseSize(answers.size);
  const width = picture.width ?? asked?.width;
  const height = picture.height ?? asked?.height;
  if (asked && (asked.width !== width || asked.height !== height))
    return failed('usage', {
      reason: `--size ${answers.size}: input ${picture.name} takes ${width} × ${height}, width first.`,
      command: 'pack build',
    });
  return ok(width === undefined || height === undefined ? null : { width, height });
}

function stepsOf(
  photo: PhotoSteps | PhotoPreset,
  picture: PictureInput,
  { width, height }: Size,
): Outcome<readonly PreprocessingStep[]> {
  const { letterbox, crop, kernel } = photo;
  const { name, order, channels } = picture;
  const size = { width, height, kernel };
  // An explicit crop replaces the letterbox.
  const fit: PreprocessingStep =
    letterbox && crop === null ? { op: 'letterbox', ...size, ...letterbox } : { op: 'resize', ...size };
  const scaling = scalingOf(photo, picture);
  if (!scaling.ok) return scaling;
  return ok([
    { op: 'decode', background: [255, 255, 255] },
    ...(crop === null ? [] : [{ op: 'crop-centre', fraction: crop } as const]),
    fit,
    ...scaling.value,
    { op: 'layout', input: name, order, channels: channels === 1 ? 'luma' : photo.channels },
  ]);
}

/** Integer inputs take unscaled pixels: scaling as the preset does would round them to a few values. */
function scalingOf(
  { mean, std }: PhotoSteps | PhotoPreset,
  { name, type, channels }: PictureInput,
): Outcome<readonly PreprocessingStep[]> {
  if (type === 'int8') return ok([{ op: 'normalize', mean: [128], std: [1] }]);
  if (integerRange(type)) return ok([]);
  if (channels === 3) return ok([{ op: 'normalize', mean: [...mean], std: [...std] }]);
  const isOne = [mean, std].every((values) => values.every((value) => value === values[0]));
  if (isOne) return ok([{ op: 'normalize', mean: [mean[0]], std: [std[0]] }]);
  const [means, stds] = [mean, std].map((values) => values.join(', '));
  const reason = `input ${name} has one channel, and a mean of ${means} and a deviation of ${stds} are of three: --preprocess takes a preset with one value for all, as unit or mnist, or a JSON file.`;
  return failed('usage', { reason, command: 'pack build' });
}
