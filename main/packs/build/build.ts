import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { Manifest } from '../../../contract/manifest.ts';
import { writeOutpack } from '../archive/write.ts';
import { diskFault } from '../disk-fault.ts';
import { readGraph } from '../graph/read.ts';
import { manifestName, parseManifest } from '../manifest.ts';
import type { Measure } from '../shelf-door.ts';
import { compose, json } from './compose.ts';
import { decide, incomplete, missingAnswers } from './decide.ts';
import type { Missing } from './decide.ts';
import { factsOf } from './facts.ts';
import { recordGolden, zeroInputs } from './record.ts';
import type { Recording } from './record.ts';
import type { Answers, BuildRequest, Classified, OpenRunner } from './request.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

export type BuildPorts = {
  readonly openRunner: OpenRunner;
  /** Absent where nobody can be asked; null when whoever was asked would not say. */
  readonly ask?: (missing: readonly Missing[]) => Promise<Answers | null>;
};
export type Built = {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest: the pack's digest. */
  readonly digest: string;
  readonly archive: Measure;
  readonly golden: number;
  readonly notes: readonly string[];
};

/**
 * Reads the graph, asks for what it does not say, runs it once, records golden samples, writes the archive. The same
 * input gives the same bytes: nothing of the time, the machine or the order of the options goes in.
 */
export async function buildPack(request: BuildRequest, ports: BuildPorts): Promise<Outcome<Built>> {
  const graph = await readGraph(request.model);
  if (!graph.ok) return graph;
  const facts = factsOf(graph.value);
  const answers = await complete(request.answers, facts, ports);
  if (!answers.ok) return answers;
  const whole = { ...request, answers: answers.value };
  const decided = await decide(whole, facts);
  if (!decided.ok) return decided;
  const out = resolve(request.out);
  let folder: string;
  try {
    // On the disk that the pack will lie on: it may be large.
    folder = await mkdtemp(join(dirname(out), `.${basename(out)}-`));
  } catch (error) {
    return diskFault(error, request.out);
  }
  try {
    const stage = openStage(folder, decided.value.words.id);
    const composed = await compose({
      request: whole,
      graph: graph.value,
      facts,
      decided: decided.value,
      stage,
    });
    if (!composed.ok) return composed;
    const proved = await prove(
      { request: whole, ports, stage, labels: decided.value.labels?.length ?? null },
      composed.value,
    );
    if (!proved.ok) return proved;
    const { manifest, digest, golden } = proved.value;
    const partial = `${folder}.partial`;
    const archive = await writeOutpack({ folder, manifest }, partial);
    if (!archive.ok) return archive;
    await rename(partial, out);
    return ok({ manifest, digest, archive: archive.value, golden, notes: facts.notes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return diskFault(error, request.out);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}.partial`, { force: true });
  }
}

async function complete(
  given: Answers,
  facts: ReturnType<typeof factsOf>,
  { ask }: BuildPorts,
): Promise<Outcome<Answers>> {
  let answers = given;
  // The task decides what else is needed: an answer may bring up more questions.
  for (
    let missing = missingAnswers(answers, facts);
    missing.length > 0;
    missing = missingAnswers(answers, facts)
  ) {
    const task = missing.filter(({ question }) => question === 'task');
    const more = (await ask?.(task.length > 0 ? task : missing)) ?? null;
    if (more === null) return incomplete(missing);
    answers = { ...answers, ...more };
  }
  return ok(answers);
}

type Proving = {
  readonly request: BuildRequest;
  readonly ports: BuildPorts;
  readonly stage: Stage;
  readonly labels: number | null;
};
type Proved = { readonly manifest: Manifest; readonly digest: string; readonly golden: number };

/** Runs every variant once, with the golden inputs where there are any, and then the finished pack against them. */
async function prove({ request, ports, stage, labels }: Proving, draft: Manifest): Promise<Outcome<Proved>> {
  const written = await writeManifest(stage, draft, request.appVersion);
  if (!written.ok) return written;
  const ref = `${draft.id}@${draft.version}`;
  const recorded = await withRunner(
    ports.openRunner({ folder: stage.folder, ref, variant: request.as }),
    async (runner) => {
      const ran = await tryOnce({ runner, manifest: draft }, { request, labels });
      return ran.ok ? recordGolden({ runner, stage, manifest: draft }, request.golden) : ran;
    },
  );
  if (!recorded.ok) return recorded;
  if (recorded.value.length === 0) return ok({ ...written.value, golden: 0 });
  const added = await stage.write('golden/golden.json', json({ cases: recorded.value }));
  if (!added.ok) return added;
  const final = await writeManifest(stage, { ...draft, golden: 'golden/golden.json' }, request.appVersion);
  if (!final.ok) return final;
  for (const { name: variant } of draft.variants) {
    const judged = await withRunner(ports.openRunner({ folder: stage.folder, ref, variant }), (runner) =>
      runner.golden(),
    );
    if (!judged.ok) return judged;
    const { passed, total } = judged.value;
    if (passed < total) return failed('golden-failed', { model: ref, failed: total - passed, total });
  }
  return ok({ ...final.value, golden: recorded.value.length });
}

/** Loads and runs each variant: with a photo where the task takes one and there is one, else with zeros. */
async function tryOnce(
  { runner, manifest }: Pick<Recording, 'runner' | 'manifest'>,
  { request, labels }: Pick<Proving, 'request' | 'labels'>,
): Promise<Outcome<void>> {
  const photo = request.golden.find((each) => each.kind === 'picture')?.file ?? request.samples[0]?.file;
  const hasTensors = request.golden.some((each) => each.kind === 'tensors');
  for (const { name: variant, file } of manifest.variants) {
    if (manifest.task === 'image-classification' && photo !== undefined) {
      const answer = await runner.classify(photo, variant);
      if (!answer.ok) return answer;
      const reason = judgeScores(answer.value, labels);
      if (reason !== null) return failed('onnx-mismatch', { file, reason });
    } else if (!hasTensors) {
      const ran = await runner.run(zeroInputs(manifest.inputs), variant);
      if (!ran.ok) return ran;
    }
  }
  return ok(undefined);
}

function judgeScores({ scores, count }: Classified, labels: number | null): string | null {
  if (labels !== null && count !== labels) return `it gives ${count} values, and there are ${labels} labels`;
  const odd = scores.find(({ score }) => !(score >= 0 && score <= 1.0001));
  return odd ? `it gives ${odd.score} as a probability; try --scores logits` : null;
}

async function withRunner<T>(
  opening: ReturnType<OpenRunner>,
  work: (runner: Awaited<ReturnType<OpenRunner>>) => Promise<T>,
): Promise<T> {
  const runner = await opening;
  try {
    return await work(runner);
  } finally {
    await runner.close();
  }
}

async function writeManifest(
  stage: Stage,
  draft: Manifest,
  appVersion: string,
): Promise<Outcome<Omit<Proved, 'golden'>>> {
  const bytes = Buffer.from(json({ ...draft, files: stage.files() }));
  // What the library would refuse is refused here, in the same words.
  const parsed = parseManifest(bytes, draft.id, appVersion);
  if (!parsed.ok) return parsed;
  await writeFile(join(stage.folder, manifestName), bytes);
  return ok({
    manifest: parsed.value,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  });
}
