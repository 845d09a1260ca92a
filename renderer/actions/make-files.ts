import type { Selection } from '../../contract/calls/calls.ts';
import type { PackChoice } from '../../contract/calls/pack.ts';
import { VariantName } from '../../contract/ids.ts';
import type { PackFileField, PackForm } from '../../contract/packs/pack-build.ts';
import { changeDraft, changeForm } from '../state/making.ts';
import type { GoldenFile } from '../state/making.ts';
import { perform } from './perform.ts';

/* Files that a form for a bare model takes: chosen in a dialog, or dropped on it. */

async function choose(ref: string, kind: PackChoice): Promise<readonly GoldenFile[]> {
  const files = (await perform('pack.choose', { kind })) ?? [];
  keepNames(ref, files);
  return files;
}

function keepNames(ref: string, files: readonly GoldenFile[]): void {
  const more = Object.fromEntries(files.map((file) => [file.ref, file.name]));
  changeDraft(ref, ({ names }) => ({ names: { ...names, ...more } }));
}

export async function chooseLabels(ref: string): Promise<void> {
  const [file] = await choose(ref, 'labels');
  if (file) changeForm(ref, () => ({ labels: { kind: 'file', ref: file.ref } }));
}

/** Steps of a person's own stand in place of a preset and of what was changed in it. */
export async function chooseSteps(ref: string): Promise<void> {
  const [file] = await choose(ref, 'steps');
  if (file) changeForm(ref, () => ({ steps: file.ref, photo: null }));
}

export async function choosePackFile(ref: string, field: PackFileField): Promise<void> {
  const [file] = await choose(ref, field);
  if (file) changeForm(ref, ({ files }) => ({ files: { ...files, [field]: file.ref } }));
}

export function dropPackFile(ref: string, field: PackFileField): void {
  changeForm(ref, ({ files }) => ({ files: { ...files, [field]: undefined } }));
}

export async function addVariants(ref: string): Promise<void> {
  const files = await choose(ref, 'variant');
  changeForm(ref, (form) => ({
    variants: files.reduce<PackForm['variants']>((before, file) => {
      const taken = [form.as, ...before.map(({ name }) => name)];
      return [...before, { name: likelyName(file.name, taken), ref: file.ref }];
    }, form.variants),
  }));
}

/** Guesses the variant from the file name, else the first free one; editable. */
function likelyName(file: string, taken: readonly VariantName[]): VariantName {
  if (/int8|quant|q8/iu.test(file)) return 'int8';
  if (/fp16|float16|half|f16/iu.test(file)) return 'fp16';
  return VariantName.options.find((name) => !taken.includes(name)) ?? 'fp32';
}

export function nameVariant(ref: string, at: number, name: string): void {
  const known = VariantName.options.find((one) => one === name);
  if (known)
    changeForm(ref, ({ variants }) => ({
      variants: variants.map((one, index) => (index === at ? { ...one, name: known } : one)),
    }));
}

export function dropVariant(ref: string, at: number): void {
  changeForm(ref, ({ variants }) => ({ variants: variants.filter((_, index) => index !== at) }));
}

export async function choosePhotos(ref: string): Promise<void> {
  const selection = await perform('files.choose', { kind: 'photos' });
  if (selection) addPhotos(ref, selection.files);
}

export async function chooseInputs(ref: string): Promise<void> {
  const files = await choose(ref, 'inputs');
  changeDraft(ref, ({ inputs }) => ({ inputs: merged(inputs, files) }));
}

function addPhotos(ref: string, files: readonly GoldenFile[]): void {
  changeDraft(ref, ({ photos, previewed }) => ({
    photos: merged(photos, files),
    previewed: files[0]?.ref ?? previewed,
  }));
}

export function dropGolden(ref: string, file: string): void {
  changeDraft(ref, ({ photos, inputs, previewed }) => ({
    photos: photos.filter((one) => one.ref !== file),
    inputs: inputs.filter((one) => one.ref !== file),
    previewed: previewed === file ? null : previewed,
  }));
}

/** The most files that a form keeps; main takes no more. */
export const mostGolden = 60;
const merged = (before: readonly GoldenFile[], more: readonly GoldenFile[]): readonly GoldenFile[] =>
  [...before, ...more.filter(({ ref }) => before.every((one) => one.ref !== ref))]
    .map(({ ref, name }) => ({ ref, name }))
    .slice(0, mostGolden);

/** What is dropped on a form belongs to it: labels, arrays, or photos. */
export function takeIntoForm(ref: string, { files }: Selection): void {
  const isText = /\.(?:txt|json|tsv|names)$/iu;
  const isArray = /\.npy$/iu;
  const labels = files.find(({ name }) => isText.test(name));
  if (labels) {
    keepNames(ref, [labels]);
    changeForm(ref, () => ({ labels: { kind: 'file', ref: labels.ref } }));
  }
  const arrays = files.filter(({ name }) => isArray.test(name));
  if (arrays.length > 0) changeDraft(ref, ({ inputs }) => ({ inputs: merged(inputs, arrays) }));
  const photos = files.filter(({ name }) => !isText.test(name) && !isArray.test(name));
  if (photos.length > 0) addPhotos(ref, photos);
}
