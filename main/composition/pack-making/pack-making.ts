import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { fault } from '../../../contract/faults/faults.ts';
import { reason, systemReason } from '../../../contract/faults/reasons.ts';
import type { PackLook } from '../../../contract/packs/pack-build.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { Timeline } from '../../../contract/lifecycle/timeline.ts';
import { NoScratchError, openScratch } from '../../lib/scratch.ts';
import {
  about,
  buildPack,
  previewBuild,
  oldestApp,
  readGoldenFile,
  readModel,
  titleOf,
} from '../../packs/build/index.ts';
import type { BuildRequest, GoldenInput, PackDraft, ReadModel } from '../../packs/build/index.ts';
import type { Library } from '../../packs/index.ts';
import { openBuildRunner } from '../index.ts';
import type { BuildRunnerParts } from '../index.ts';
import type { Lifecycle } from '../../lifecycle/index.ts';
import { makeFolders } from '../../lib/make-folders.ts';

type MakingParts = BuildRunnerParts & {
  /** Folder for builds under way, on the disk that models are installed on. */
  readonly folder: string;
  readonly library: Pick<Library, 'find'>;
  readonly lifecycle: Pick<Lifecycle, 'installLocal'>;
};
export type PackMaking = {
  look(draft: PackDraft): Promise<Outcome<PackLook>>;
  /** Builds the pack and installs it as the person's own. A signal that fires before it is installed leaves nothing. */
  make(
    draft: PackDraft,
    options: { readonly golden: readonly string[]; readonly signal: AbortSignal },
  ): Promise<Outcome<Timeline>>;
};
/** Photos that a pack offers to try it with. */
const mostSamples = 6;

export function createPackMaking(parts: MakingParts): PackMaking {
  const graphOf = keepGraphs();
  return {
    look: async (draft) => {
      const graph = await graphOf(draft, draft.model);
      if (!graph.ok) return graph;
      const look = await previewBuild(draft, graph.value, (file) => graphOf(draft, file));
      const taken = isTaken(parts.library, draft);
      return ok(taken ? { ...look, faults: [...look.faults, taken] } : look);
    },
    make: async (draft, { golden, signal }) => {
      const inputs = await readGolden(golden, await graphOf(draft, draft.model));
      if (!inputs.ok) return inputs;
      await makeFolders(parts.folder);
      const scratch = await openScratch('pack', parts.folder).catch((error: unknown) => {
        if (error instanceof NoScratchError) return error;
        throw error;
      });
      if (scratch instanceof NoScratchError)
        return failed('temp-folder-unusable', {
          folder: scratch.folder,
          reason: systemReason({ code: scratch.reason }),
        });
      try {
        const out = join(scratch.path, 'made.outpack');
        const built = await buildPack(requestOf(draft, { parts, out, golden: inputs.value }), {
          openRunner: openBuildRunner(parts, signal),
          signal,
        });
        if (!built.ok) return built;
        if (signal.aborted) return failed('cancelled');
        return await parts.lifecycle.installLocal(out, { signal, own: basename(draft.model) });
      } finally {
        await scratch.close();
      }
    },
  };
}

function requestOf(
  draft: PackDraft,
  { parts, out, golden }: { parts: MakingParts; out: string; golden: readonly GoldenInput[] },
): BuildRequest {
  const photos = golden.flatMap((each) => (each.kind === 'picture' ? [each.file] : []));
  return {
    ...draft,
    out,
    golden,
    samples: photos.slice(0, mostSamples).map((file) => ({ file, title: titleOf(file).slice(0, 80) })),
    minimumApp: oldestApp,
    appVersion: parts.appVersion,
  };
}

/** Photos and arrays; for a model of several inputs, the arrays of one folder that are named as the inputs go together. */
async function readGolden(
  files: readonly string[],
  model: Outcome<ReadModel>,
): Promise<Outcome<readonly GoldenInput[]>> {
  const names = new Set(
    model.ok && model.value.inputs.length > 1 ? model.value.inputs.map(({ name }) => name) : [],
  );
  const inputs: GoldenInput[] = [];
  const joined = new Map<string, TensorBytes[]>();
  for (const file of files) {
    const read = await readGoldenFile(file);
    const why = reason('neither-photo-nor-array');
    const wrong = read.ok && !read.value ? failed('file-unfit', { file: basename(file), reason: why }) : read;
    if (!wrong.ok) return about('golden', wrong);
    if (!wrong.value) continue;
    const name = basename(file).replace(/\.npy$/iu, '');
    if (wrong.value.kind === 'tensors' && names.has(name)) {
      const beside = joined.get(dirname(file)) ?? [];
      joined.set(dirname(file), [...beside, ...wrong.value.tensors.map((tensor) => ({ ...tensor, name }))]);
    } else inputs.push(wrong.value);
  }
  for (const [folder, tensors] of joined) inputs.push({ kind: 'tensors', name: titleOf(folder), tensors });
  return ok(inputs);
}

/** A version that is here already would be refused at the very end. */
function isTaken(
  library: Pick<Library, 'find'>,
  { answers: { id, version } }: PackDraft,
): PackLook['faults'][number] | null {
  if (id === undefined || version === undefined) return null;
  const model = `${id}@${version}`;
  return library.find(model).ok ? { field: 'version', fault: fault('pack-exists', { model }) } : null;
}

/** Graphs of the files that a form names; read again only when the file is another one: a form asks with every letter. */
function keepGraphs(): (draft: PackDraft, file: string) => Promise<Outcome<ReadModel>> {
  const mostGraphs = 8;
  const graphs = new Map<string, ReadModel>();
  return async ({ cutTails = false }, file) => {
    const entry = await stat(file).catch(() => null);
    const key = entry && `${file} ${entry.ino} ${entry.size} ${entry.mtimeMs} ${cutTails}`;
    const known = key === null ? undefined : graphs.get(key);
    if (known) return ok(known);
    const graph = await readModel({ cutTails }, file);
    if (!graph.ok || key === null) return graph;
    if (graphs.size >= mostGraphs) graphs.clear();
    graphs.set(key, graph.value);
    return graph;
  };
}
