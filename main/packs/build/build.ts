import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { openDraft } from '../../lib/output-file.ts';
import type { Draft } from '../../lib/output-file.ts';
import { nextPartial } from '../../lib/partials.ts';
import { writeOutpack } from '../archive/write.ts';
import { diskFault } from '../disk-fault.ts';
import type { Graph } from '../graph/graph.ts';
import type { Measure } from '../pack-store/types.ts';
import { compose } from './compose.ts';
import { decide, missingAnswers, readAnsweredLabels } from './decide.ts';
import { factsOf } from './facts.ts';
import { incomplete } from './missing.ts';
import type { Missing } from './missing.ts';
import { notesFor, noteText } from './notes.ts';
import { prove } from './prove.ts';
import { readModel, withCuts } from './read-model.ts';
import type { Answers, BuildRequest, OpenRunner } from './request.ts';
import { openStage } from './stage.ts';

type BuildPorts = {
  readonly openRunner: OpenRunner;
  /** Aborts the build; nothing is left on disk then. */
  readonly signal?: AbortSignal;
  /** Absent without an interactive user; returns null when the user cancels. */
  readonly ask?: (missing: readonly Missing[]) => Promise<Answers | null>;
};
export type Built = {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest, which identifies the pack. */
  readonly digest: string;
  readonly archive: Measure;
  readonly golden: number;
  readonly notes: readonly string[];
};

/**
 * Builds a pack: reads the graph, asks for what is missing, runs it once, records golden samples, writes the archive.
 * Reproducible: the output depends neither on time, machine nor order of options.
 */
export async function buildPack(request: BuildRequest, ports: BuildPorts): Promise<Outcome<Built>> {
  const graph = await readModel(request, request.model);
  if (!graph.ok) return graph;
  const facts = withCuts(factsOf(graph.value), graph.value.cuts);
  const answers = await complete(request, facts, ports);
  if (!answers.ok) return answers;
  const whole = { ...request, answers: answers.value };
  const decided = await decide(whole, facts);
  if (!decided.ok) return decided;
  const out = resolve(request.out);
  let draft: Draft;
  try {
    draft = await openDraft(out, { signal: ports.signal });
  } catch (error) {
    return diskFault(error, request.out);
  }
  let folder: string | null = null;
  try {
    // On the same disk as the pack, which may be large.
    folder = await nextPartial(join(dirname(draft.file), basename(out)));
    await mkdir(folder, { mode: 0o700 });
    const stage = openStage(folder, decided.value.texts.id);
    const composed = await compose({
      request: whole,
      graph: graph.value,
      facts,
      decided: decided.value,
      stage,
    });
    if (!composed.ok) return composed;
    const proved = await prove(
      {
        request: whole,
        ports,
        stage,
        rankless: ranklessOf(graph.value),
        labels: decided.value.labels?.length ?? null,
        scoring: decided.value.scoring,
      },
      composed.value,
    );
    if (!proved.ok) return proved;
    const { manifest, digest, golden } = proved.value;
    const archive = await writeOutpack({ folder, manifest }, draft.file, { signal: ports.signal });
    if (!archive.ok) return archive;
    await draft.keep();
    const chosen = [...notesFor(facts, whole.answers), ...decided.value.notes];
    const notes = [...chosen.map(noteText), ...proved.value.notes];
    return ok({ manifest, digest, archive: archive.value, golden, notes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return diskFault(error, request.out);
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
    await draft.discard();
  }
}

async function complete(
  { answers: given, labelsText, embedding }: BuildRequest,
  facts: ReturnType<typeof factsOf>,
  { ask }: BuildPorts,
): Promise<Outcome<Answers>> {
  let answers = given;
  // Answers for task and labels may raise further questions.
  for (;;) {
    const labels = await readAnsweredLabels({ answers, labelsText }, facts);
    if (!labels.ok) return labels;
    const missing = missingAnswers(answers, facts, { labels: labels.value?.length ?? null, embedding });
    if (missing.length === 0) return ok(answers);
    const task = missing.filter(({ question }) => question === 'task');
    const more = (await ask?.(task.length > 0 ? task : missing)) ?? null;
    if (more === null) return incomplete(missing);
    answers = { ...answers, ...more };
  }
}

const ranklessOf = ({ outputs }: Graph): readonly string[] =>
  outputs.filter(({ shape }) => shape === null).map(({ name }) => name);
