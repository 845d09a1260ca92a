import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { readFault } from '../../../contract/faults/disk-faults.ts';
import type { CopyExif, CopyRequest } from '../../../contract/pictures/picture-copy.ts';
import type { PlacedBox } from '../../../contract/tasks/index.ts';
import { fsPath } from '../../lib/file-names.ts';
import { rowOf } from '../rows.ts';
import { ExportError } from '../types.ts';
import type { ExportedFile, ExportItem, ExportSource, Format, FormatOptions } from '../types.ts';
import { placedOf } from './boxes.ts';

/** Labels of people and of parts of them that tell who they are. */
const people = ['person', 'people', 'human', 'face'];
const asItIs = { width: 1, height: 1, marks: [], blurs: [] };

/** Copies in a folder for each label: what a person said, else the first label. */
export const sorted: Format = {
  kind: 'folder',
  goesOn: true,
  needsBoxes: false,
  leavesFaultsOut: true,
  write: (source, options) =>
    copiesOf(source, options, (item) => {
      const label = item.confirmed?.label ?? String(rowOf(item, source, options)['label'] ?? 'empty');
      const name = `${folderName(label === '' ? 'empty' : label)}/${posix.basename(item.name)}`;
      return { name, drawn: asItIs };
    }),
};

/** Copies with the boxes drawn and labelled, in the folders that the photos lie in. */
export const marked: Format = {
  kind: 'folder',
  goesOn: true,
  needsBoxes: true,
  leavesFaultsOut: true,
  write: (source, options) =>
    copiesOf(source, options, (item) => {
      const { width, height, boxes } = placedOf(item, source, options.threshold);
      return { name: item.name, drawn: { width, height, marks: marksOf(item, boxes), blurs: [] } };
    }),
};

/**
 * Each box with its label and score. What a person said has no score, and stands at the best box of that label, else at the
 * best of all, which is the one that the photo is called by; said to be empty, the photo has no box.
 */
function marksOf({ confirmed }: ExportItem, boxes: readonly PlacedBox[]): CopyRequest['marks'] {
  if (confirmed?.id === '') return [];
  const named = Math.max(
    0,
    boxes.findIndex(({ label }) => label.toLowerCase() === confirmed?.label.toLowerCase()),
  );
  return boxes.map(({ box, index, label, score }, at) => ({
    box,
    index,
    text: confirmed && at === named ? confirmed.label : `${label} ${Math.round(score * 100)} %`,
  }));
}

/** Copies on which people are made out no more: every box of theirs that is stored, unless a threshold says otherwise. */
export const blurred: Format = {
  kind: 'folder',
  goesOn: true,
  needsBoxes: true,
  leavesFaultsOut: true,
  write: (source, options) => {
    const wanted = new Set((options.blur ?? people).map((label) => label.toLowerCase()));
    const isWanted = ({ label, group }: PlacedBox): boolean =>
      wanted.has(label.toLowerCase()) || (group !== undefined && wanted.has(group.label.toLowerCase()));
    return copiesOf(source, options, (item) => {
      const { width, height, boxes } = placedOf(item, source, options.threshold ?? 0);
      const blurs = boxes.filter(isWanted).map(({ box }) => box);
      return { name: item.name, drawn: { width, height, marks: [], blurs } };
    });
  },
};

/** Three bytes a pixel: decoded, once more for the encoder, and what both keep beside it. */
const bytesPerPixel = 9;
/** Of photos whose size nobody noted: more than most cameras give. */
const guessedPixels = 24_000_000;
const guessedBytes = 16 * 1024 ** 2;

type Planned = { readonly name: string; readonly drawn: Omit<CopyRequest, 'exif'> };

/** Names are given in the order of the run, so that a copy that is begun again finds its files under the same ones. */
async function* copiesOf(
  source: ExportSource,
  options: FormatOptions,
  plan: (item: ExportItem) => Planned,
): AsyncGenerator<ExportedFile> {
  const taken = new Set<string>();
  let done = 0;
  for await (const item of source.items()) {
    done += 1;
    if (item.fault) continue;
    const { name, drawn } = plan(item);
    const request = { ...drawn, exif: exifFor(item, options) };
    const isPlain = drawn.marks.length === 0 && drawn.blurs.length === 0 && request.exif === 'keep';
    yield {
      path: freeName(isPlain ? name : asJpegName(name), taken),
      text: () => bytesOf(item, { ...options, request, isPlain }),
      memoryBytes: isPlain
        ? (item.record?.sizeBytes ?? guessedBytes)
        : (drawn === asItIs ? guessedPixels : drawn.width * drawn.height) * bytesPerPixel,
      items: done,
    };
  }
}

/** Whatever a rule takes away of a place, the photo itself must not say. */
function exifFor({ deployment }: ExportItem, { exif }: FormatOptions): CopyExif {
  if (exif === 'strip') return 'strip';
  return deployment.site.leaves === 'all' ? 'keep' : 'no-place';
}

async function bytesOf(
  { path, name }: ExportItem,
  { copy, request, isPlain }: FormatOptions & { readonly request: CopyRequest; readonly isPlain: boolean },
): Promise<Uint8Array> {
  if (isPlain)
    return readFile(fsPath(path)).catch((error: unknown) =>
      Promise.reject(new ExportError(readFault(error, path))),
    );
  if (!copy) throw new Error(`nobody makes copies of ${name}`);
  const made = await copy(path, request);
  if (!made.ok) throw new ExportError(made.fault);
  return made.value;
}

/** File systems that tell no upper from lower case keep one of two such names. */
function freeName(name: string, taken: Set<string>): string {
  const { dir, name: stem, ext } = posix.parse(name);
  for (let count = 1; ; count += 1) {
    const free = posix.join(dir, count === 1 ? `${stem}${ext}` : `${stem} (${count})${ext}`);
    const key = free.normalize('NFC').toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return free;
  }
}

const asJpegName = (name: string): string =>
  /\.(?:jpe?g|jfif|pjpeg)$/iu.test(name) ? name : `${name.replace(/\.[^./]+$/u, '')}.jpg`;

/** A label as every file system takes it. */
function folderName(label: string): string {
  const plain = label
    .replaceAll(/[<>:"/\\|?*\p{Cc}]+/gu, '-')
    .replaceAll(/^[.\s]+|[.\s]+$/gu, '')
    .slice(0, 80);
  return /^(?:con|prn|aux|nul|com\d|lpt\d|)$/iu.test(plain) ? `${plain}_` : plain;
}
