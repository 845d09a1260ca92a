import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { fault } from '../../../contract/faults.ts';
import { reason, systemReason } from '../../../contract/reasons.ts';
import type { PackLook } from '../../../contract/pack-build.ts';
import type { Timeline } from '../../../contract/timeline.ts';
import { NoScratchError, openScratch } from '../../lib/scratch.ts';
import { about, buildPack, lookAt, oldestApp, readGoldenFile, titleOf } from '../../packs/build/index.ts';
import type { BuildRequest, GoldenInput } from '../../packs/build/index.ts';
import { readGraph } from '../../packs/index.ts';
import type { Graph, Library } from '../../packs/index.ts';
import { openBuildRunner } from '../index.ts';
import type { BuildRunnerParts } from '../index.ts';
import type { Lifecycle } from '../../lifecycle/index.ts';

export type MakingParts = BuildRunnerParts & {
  /** Folder for builds under way, on the disk that models are installed on. */
  readonly folder: string;
  readonly library: Pick<Library, 'find'>;
  readonly lifecycle: Pick<Lifecycle, 'installLocal'>;
};
/** A model file and the form for it, with paths in place of references. */
export type PackDraft = Pick<BuildRequest, 'model' | 'answers' | 'labelsText' | 'photo' | 'scores'>;
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
  const graphOf = lastGraph();
  return {
    look: async (draft) => {
      const graph = await graphOf(draft.model);
      if (!graph.ok) return graph;
      const look = await lookAt(draft, graph.value);
      const taken = isTaken(parts.library, draft);
      return ok(taken ? { ...look, faults: [...look.faults, taken] } : look);
    },
    make: async (draft, { golden, signal }) => {
      const inputs = await readGolden(golden);
      if (!inputs.ok) return inputs;
      await mkdir(parts.folder, { recursive: true });
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
    as: 'fp32',
    variants: [],
    providers: ['cpu'],
    samples: photos.slice(0, mostSamples).map((file) => ({ file, title: titleOf(file).slice(0, 80) })),
    minimumApp: oldestApp,
    appVersion: parts.appVersion,
  };
}

async function readGolden(files: readonly string[]): Promise<Outcome<readonly GoldenInput[]>> {
  const inputs: GoldenInput[] = [];
  for (const file of files) {
    const read = await readGoldenFile(file);
    const why = reason('neither-photo-nor-array');
    const wrong = read.ok && !read.value ? failed('file-unfit', { file: basename(file), reason: why }) : read;
    if (!wrong.ok) return about('golden', wrong);
    if (wrong.value) inputs.push(wrong.value);
  }
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

/** The graph is read again only when the file is another one: a form asks with every letter. */
function lastGraph(): (model: string) => Promise<Outcome<Graph>> {
  let last: { readonly key: string; readonly graph: Graph } | null = null;
  return async (model) => {
    const entry = await stat(model).catch(() => null);
    const key = entry && `${model} ${entry.ino} ${entry.size} ${entry.mtimeMs}`;
    if (key !== null && last?.key === key) return ok(last.graph);
    const graph = await readGraph(model);
    if (graph.ok && key !== null) last = { key, graph: graph.value };
    return graph;
  };
}
