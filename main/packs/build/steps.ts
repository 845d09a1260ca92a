import { basename } from 'node:path';
import { z } from 'zod';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { PostprocessingStep } from '../../../contract/tasks/index.ts';
import { PreprocessingStep } from '../../../contract/picture-steps.ts';
import type { TaskId } from '../../../contract/tasks/index.ts';
import { detail } from '../../../contract/reasons.ts';
import type { PhotoSteps } from '../../../contract/pack-build.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';
import { describeIssues } from '../issues.ts';
import { about } from './about.ts';
import type { Facts } from './facts.ts';
import { findPreset, presetNames } from './presets.ts';
import type { PhotoPreset, Preset } from './presets.ts';
import { readJsonFile } from './json-file.ts';
import type { BuildRequest } from './request.ts';
import type { Ending, Reading } from './tasks/index.ts';

export type Steps = {
  readonly preset: Preset | null;
  readonly preprocessing: readonly PreprocessingStep[];
} & Ending;
type Size = { readonly width: number; readonly height: number };

const StepsFile = z.union([
  z.array(PreprocessingStep),
  z.strictObject({
    preprocessing: z.array(PreprocessingStep),
    postprocessing: z.array(PostprocessingStep).optional(),
  }),
]);

/** Steps before and after, from a preset or a person's own file. */
export async function readSteps(
  request: BuildRequest,
  facts: Facts,
  { task, reading }: { readonly task: TaskId; readonly reading: Reading },
): Promise<Outcome<Steps>> {
  const name = request.answers.preprocess ?? facts.preset ?? 'raw';
  const preset = findPreset(name);
  const last = reading.ending;
  if (!takesPictures(task)) return ok({ preset: preset ?? null, preprocessing: [], ...last });
  if (request.photo || preset) {
    const size = about('size', sizeOf(request, facts));
    if (!size.ok) return size;
    const photo = request.photo ?? preset?.photo ?? null;
    // What was changed by hand is no longer what the preset's name says.
    const named = request.photo ? null : (preset ?? null);
    if (photo && facts.picture && size.value)
      return ok({
        preset: named,
        preprocessing: stepsOf(photo, facts.picture, size.value),
        ...last,
      });
    const reason = `--preprocess ${name} prepares no photo; --task ${task} takes one of ${presetNames.filter((each) => findPreset(each)?.photo).join(', ')}, or a JSON file.`;
    return photo
      ? ok({ preset: named, preprocessing: [], ...last })
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
  return ok({ preset: null, preprocessing, ...ending });
}

/** `224` or `320x240`, width first. */
export function parseSize(text: string): Size | null {
  const [, width, height = width] = /^([1-9]\d{0,3})(?:[x×]([1-9]\d{0,3}))?$/u.exec(text.trim()) ?? [];
  const size = { width: Number(width), height: Number(height) };
  return size.width >= 1 && size.width <= 4096 && size.height >= 1 && size.height <= 4096 ? size : null;
}

/** What the graph fixes, and for the rest what was answered; null while something is open. */
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
  picture: NonNullable<Facts['picture']>,
  { width, height }: Size,
): readonly PreprocessingStep[] {
  const { letterbox, crop, kernel } = photo;
  const size = { width, height, kernel };
  // Who cuts the middle out by hand wants no letterbox any more.
  const fit: PreprocessingStep =
    letterbox && crop === null ? { op: 'letterbox', ...size, ...letterbox } : { op: 'resize', ...size };
  return [
    { op: 'decode', background: [255, 255, 255] },
    ...(crop === null ? [] : [{ op: 'crop-centre', fraction: crop } as const]),
    fit,
    { op: 'normalize', mean: [...photo.mean], std: [...photo.std] },
    { op: 'layout', input: picture.name, order: picture.order, channels: photo.channels },
  ];
}
