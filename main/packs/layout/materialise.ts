import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { diskFault } from '../disk-fault.ts';
import { reasonText } from '../../../contract/faults/reasons.ts';
import { leftOutNotes } from '../graph/left-out.ts';
import { findLabels } from './label-files.ts';
import { cached } from './cache.ts';
import { greatestNumber, idOf, idsOf, isNumberFit } from './names.ts';
import { readLayout } from './read.ts';
import type { BareModel, Layout } from './read.ts';
import { readCompleteModel } from './complete-model.ts';
import { readTritonConfig } from './triton-config.ts';

/** Raise this when packs are made differently: cached packs of an older form are then rebuilt. */
const wrapForm = 'form 4';

type Materialising = {
  /** The folder given by `--models`. */
  readonly folder: string;
  /** Name of a model without a folder of its own name; default: the name of the folder. */
  readonly name?: string;
  /** Names and ids of other models in the same library (`namesIn`), which must not be reused as ids. */
  readonly beside?: readonly string[];
  /** Cache folder for packs made from bare ONNX files; created on demand. */
  readonly into: string;
  readonly appVersion: string;
  /** Most versions of each bare model, newest first; default: all. */
  readonly latest?: number;
  /** How long a recently written file must stay unchanged, ms. */
  readonly settleMs?: number;
  /** Called for each file that cannot be used. */
  readonly onRefused?: (file: string, why: Fault) => void;
  /** Called with notes about a model that is used, such as omitted outputs. */
  readonly onNote?: (file: string, note: string) => void;
};

/**
 * Folders that a library can open, for whatever layout of models is in `folder`: packs as they are, bare ONNX files as
 * packs of raw tensors made in `into`. The source is never written to. Fails when the folder cannot be read, or when it
 * holds models and none can be used; an empty folder gives an empty list.
 */
export async function materialise(asked: Materialising): Promise<Outcome<readonly string[]>> {
  const layout = await readLayout(asked.folder);
  if (!layout.ok) return layout;
  const { folder, hasPacks } = layout.value;
  const made: string[] = hasPacks ? [folder] : [];
  let first: Outcome<never> | null = null;
  const names = modelNames(layout.value, asked.name);
  const ids = idsOf(names, [...(asked.beside ?? []), ...(await foldersIn(folder))]);
  for (const model of newest(layout.value.models, asked.latest)) {
    const name = model.name ?? asked.name ?? basename(folder);
    const id = ids.get(name) ?? idOf(name);
    const place = await make({ asked, layout: layout.value, model }, { name, id });
    if (place.ok) made.push(place.value);
    else {
      asked.onRefused?.(model.file, place.fault);
      first ??= place;
    }
  }
  return made.length === 0 && first !== null ? first : ok(made);
}

/** Possible names of the models in a folder, packs included; empty for a folder that cannot be read. */
export async function namesIn(folder: string, name?: string): Promise<readonly string[]> {
  const layout = await readLayout(folder);
  return layout.ok ? [...modelNames(layout.value, name), ...(await foldersIn(layout.value.folder))] : [];
}

const modelNames = ({ folder, models }: Layout, name?: string): readonly string[] =>
  models.map((model) => model.name ?? name ?? basename(folder));

/** The folder names of packs are their ids. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isFile() ? [] : [entry.name]));
}

async function make(
  {
    asked,
    layout,
    model,
  }: { readonly asked: Materialising; readonly layout: Layout; readonly model: BareModel },
  { name, id }: { readonly name: string; readonly id: string },
): Promise<Outcome<string>> {
  const { into, appVersion, settleMs = 300 } = asked;
  if (!isNumberFit(model.number))
    return failed('model-left-out', {
      file: model.file,
      reason: reason('version-number-too-great', { version: model.number, most: greatestNumber }),
      advice: reason('give-smaller-number'),
    });
  try {
    const labels = await findLabels(model);
    const config = await readTritonConfig(model);
    if (!config.ok) return config;
    const extra = [...(labels === null ? [] : [labels]), ...(config.value ? [config.value.file] : [])];
    const looking = { root: layout.folder, extra, settleMs };
    const whole = await readCompleteModel(model, looking);
    if (!whole.ok) return whole;
    const { graph, print } = whole.value;
    for (const note of leftOutNotes(graph)) asked.onNote?.(model.file, `${reasonText(note)}.`);
    const version = `${model.number}.0.0`;
    const wanted = { into, id, version, print: `${wrapForm}\n${name}\n${print}`, appVersion };
    return await cached(wanted, async (folder) => {
      const { wrap } = await import('./wrap-model.ts');
      const wrapped = await wrap({
        name,
        id,
        model,
        graph,
        labels,
        config: config.value,
        folder,
        root: layout.folder,
        appVersion,
      });
      if (!wrapped.ok) return wrapped;
      // Checks that the copied files are those that were inspected.
      const again = await readCompleteModel(model, { ...looking, settleMs: 0 });
      if (!again.ok) return again;
      return again.value.print === print
        ? wrapped
        : failed('model-left-out', {
            file: model.file,
            reason: reason('changed-while-copied'),
            advice: reason('reload-when-whole'),
          });
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return diskFault(error, (error as NodeJS.ErrnoException).path ?? into);
  }
}

function newest(models: readonly BareModel[], latest = Infinity): readonly BareModel[] {
  return models.filter((model) => {
    const newer = models.filter((each) => each.name === model.name && each.number > model.number);
    return newer.length < latest;
  });
}
