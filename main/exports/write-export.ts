import { ExportFormat } from '../../contract/runs/export.ts';
import type { ExportCount, ExportReport } from '../../contract/runs/export.ts';
import { isMissing, placeFault } from '../../contract/faults/disk-faults.ts';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import { namedRun } from '../../contract/runs/run.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { availableCores, availableMemoryBytes } from '../lib/capacity.ts';
import { mapAhead } from '../lib/concurrency.ts';
import { openOutput } from '../lib/output-file.ts';
import { formats } from './formats/index.ts';
import { openGrowingFolder } from './growing-folder.ts';
import { openOutputFolder } from './output-folder.ts';
import { ExportError } from './types.ts';
import type { ExportedFile, ExportSource, Format, FormatOptions } from './types.ts';

export type ExportRequest = FormatOptions & {
  readonly format: ExportFormat;
  /** The file or folder; an existing folder must be empty or hold this same export, unfinished. */
  readonly out: string;
  readonly signal?: AbortSignal;
  /** Called with the number of items that are done; formats with several passes count from zero again. */
  readonly onItem?: (done: number) => void;
};

/**
 * Writes a run to a file or folder atomically: the file that was there before stays until the last byte is on disk.
 * Faults: `export-empty`, `export-needs-boxes`, `export-too-many-rows`, `export-answer-removed`, `export-names-clash`,
 * `export-needs-times`, `export-place-unknown`, `export-place-hidden`, `export-folder-missing`, `cancelled`, those of a photo that cannot be
 * copied, `place-is-folder`, `place-unwritable`, and those of a disk that is full.
 */
export async function writeExport(
  source: ExportSource,
  { format: name, out, signal, onItem, ...options }: ExportRequest,
): Promise<Outcome<ExportReport>> {
  const format = formats[name];
  const unfit = refuse(source, format, name);
  if (unfit) return unfit;
  const goesOn = format.kind === 'folder' && format.goesOn === true;
  const watched = {
    ...source,
    items: () => watch(source.items(), goesOn ? { signal } : { signal, onItem }),
  };
  try {
    await (format.kind === 'file'
      ? writeFile(out, format.write(watched, options), signal)
      : format.goesOn
        ? writeGrowing(out, format.write(watched, options), {
            mark: markOf(source, name, options),
            signal,
            onItem,
          })
        : writeFolder(out, format.write(watched, options)));
  } catch (error) {
    if (signal?.aborted) return failed('cancelled');
    if (error instanceof ExportError) return { ok: false, fault: error.fault };
    return isMissing(error)
      ? failed('export-folder-missing', { file: out })
      : { ok: false, fault: placeFault(error, out) };
  }
  const { total: items, faults, untimed } = source;
  const leftOut = (format.leavesFaultsOut ? faults : 0) + (format.needsTimes ? untimed : 0);
  return ok({ items, faults, leftOut });
}

/** Formats that can hold the source, and the others with the reason. */
export function fitOf(source: ExportSource): Pick<ExportCount, 'formats' | 'unfit'> {
  const fit: Pick<ExportCount, 'formats' | 'unfit'> = { formats: [], unfit: [] };
  for (const format of ExportFormat.options) {
    const refused = refuse(source, formats[format], format);
    if (!refused) fit.formats.push(format);
    else if (!refused.ok) fit.unfit.push({ format, fault: refused.fault });
  }
  return fit;
}

/** Why nothing of the source fits the format; null where it does. */
function refuse(source: ExportSource, format: Format, name: ExportFormat): Outcome<never> | null {
  const { task, total, all, faults, untimed } = source;
  if (total === 0) return failed(all === 0 ? 'export-empty' : 'export-none-chosen', namedRun(source));
  if (format.needsBoxes && task && !task.placed) return failed('export-needs-boxes', { name, task: task.id });
  if (format.most !== undefined && total > format.most)
    return failed('export-too-many-rows', { name, count: total, limit: format.most });
  if (format.needsTimes && faults + untimed === total) return failed('export-needs-times', { name });
  return format.needsPlaces ? refusePlaces(source, name) : null;
}

function refusePlaces({ deployments, id: run }: ExportSource, name: ExportFormat): Outcome<never> | null {
  const lacking = deployments.find(({ site, timed }) => timed > 0 && site.place === null)?.site;
  if (!lacking) return null;
  return lacking.leaves === 'none'
    ? failed('export-place-hidden', { name, site: lacking.name })
    : failed('export-place-unknown', { name, site: lacking.name, run });
}

async function* watch<T>(
  items: AsyncIterable<T>,
  { signal, onItem }: Pick<ExportRequest, 'signal' | 'onItem'>,
): AsyncGenerator<T> {
  let done = 0;
  for await (const item of items) {
    signal?.throwIfAborted();
    yield item;
    onItem?.((done += 1));
  }
}

/** Buffers the pieces: a write per row would cost more than producing it. */
const gatherBytes = 1 << 20;

async function writeFile(
  out: string,
  pieces: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const output = await openOutput(out, { signal });
  try {
    let gathered: Buffer[] = [];
    let size = 0;
    const flush = async (): Promise<void> => {
      if (!(await output.write(Buffer.concat(gathered)))) throw new ExportError(fault('cancelled'));
      gathered = [];
      size = 0;
    };
    for await (const piece of pieces) {
      const bytes = Buffer.from(piece as Uint8Array);
      gathered.push(bytes);
      size += bytes.byteLength;
      if (size >= gatherBytes) await flush();
    }
    await flush();
    await output.keep();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** Identifies an export for resuming: equal marks give equal names and contents of files. */
const markOf = (
  { id: run, choice, total, faults }: ExportSource,
  format: ExportFormat,
  { threshold, exif, blur }: FormatOptions,
): object => ({ run, format, total, faults, choice, threshold, exif, blur });

/** Made at the same time for each core: one more is ready when a worker has made the one before. */
const aheadPerCore = 2;
/** Share of the memory that is free, for files in the making. */
const memoryShare = 1 / 4;

async function writeGrowing(
  out: string,
  files: AsyncIterable<ExportedFile>,
  { mark, signal, onItem }: Pick<ExportRequest, 'signal' | 'onItem'> & { readonly mark: object },
): Promise<void> {
  const folder = await openGrowingFolder(out, mark);
  const ahead = {
    limit: availableCores() * aheadPerCore,
    budget: availableMemoryBytes() * memoryShare,
    weigh: ({ memoryBytes = 0 }: ExportedFile) => memoryBytes,
  };
  const made = mapAhead(files, ahead, async ({ path, text, items }) => {
    const isThere = typeof text !== 'function' || (await folder.has(path));
    return { path, bytes: isThere ? null : await text(), items };
  });
  for await (const { path, bytes, items } of made) {
    // All of them may be read by now.
    signal?.throwIfAborted();
    if (bytes) await folder.add(path, bytes);
    if (items !== undefined) onItem?.(items);
  }
  await folder.finish();
}

async function writeFolder(out: string, files: AsyncIterable<ExportedFile>): Promise<void> {
  const folder = await openOutputFolder(out);
  try {
    for await (const { path, text } of files) await folder.write(path, text);
    await folder.keep();
  } catch (error) {
    await folder.discard();
    throw error;
  }
}
