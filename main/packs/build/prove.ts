import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { Manifest } from '../../../contract/manifest.ts';
import { manifestName, parseManifest } from '../manifest.ts';
import { json } from './compose.ts';
import { recordGolden, zeroInputs } from './record.ts';
import type { Recording } from './record.ts';
import type { BuildRequest, Classified, OpenRunner } from './request.ts';
import type { Stage } from './stage.ts';

type Proving = {
  /** Outputs of which the graph says not even how many dimensions they have. */
  readonly rankless: readonly string[];
  readonly request: BuildRequest;
  readonly ports: { readonly openRunner: OpenRunner; readonly signal?: AbortSignal };
  readonly stage: Stage;
  readonly labels: number | null;
};
export type Proved = { readonly manifest: Manifest; readonly digest: string; readonly golden: number };

/** Runs every variant once, with the golden inputs where there are any, and then the finished pack against them. */
export async function prove(proving: Proving, draft: Manifest): Promise<Outcome<Proved>> {
  const { request, ports, stage } = proving;
  if (ports.signal?.aborted) return failed('cancelled');
  const written = await writeManifest(stage, draft, request.appVersion);
  if (!written.ok) return written;
  const ref = `${draft.id}@${draft.version}`;
  const recorded = await withRunner(
    ports.openRunner({ folder: stage.folder, ref, variant: request.as }),
    async (runner) => {
      const ran = await tryOnce({ runner, manifest: draft }, proving);
      if (!ran.ok) return ran;
      const manifest = await learnRanks({ runner, manifest: draft }, proving);
      if (!manifest.ok) return manifest;
      const cases = await recordGolden({ runner, stage, manifest: manifest.value }, request.golden);
      return cases.ok ? ok({ cases: cases.value, manifest: manifest.value }) : cases;
    },
  );
  if (!recorded.ok) return recorded;
  const { cases, manifest } = recorded.value;
  const added = cases.length === 0 ? ok(undefined) : await stage.write('golden/golden.json', json({ cases }));
  if (!added.ok) return added;
  const whole = cases.length === 0 ? manifest : { ...manifest, golden: 'golden/golden.json' };
  const final = await writeManifest(stage, whole, request.appVersion);
  if (!final.ok || cases.length === 0) return final.ok ? ok({ ...final.value, golden: 0 }) : final;
  for (const { name: variant } of draft.variants) {
    if (ports.signal?.aborted) return failed('cancelled');
    const judged = await withRunner(ports.openRunner({ folder: stage.folder, ref, variant }), (runner) =>
      runner.golden(),
    );
    if (!judged.ok) return judged;
    const { passed, total } = judged.value;
    if (passed < total) return failed('golden-failed', { model: ref, failed: total - passed, total });
  }
  return ok({ ...final.value, golden: cases.length });
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

/** How many dimensions an output has is seen when it is there; how long they are stays open. */
async function learnRanks(
  { runner, manifest }: Pick<Recording, 'runner' | 'manifest'>,
  { request, rankless }: Proving,
): Promise<Outcome<Manifest>> {
  if (rankless.length === 0) return ok(manifest);
  const ran = await runner.run(zeroInputs(manifest.inputs), request.as);
  if (!ran.ok) return ran;
  const outputs = manifest.outputs.map((output) => {
    const dims = ran.value.find(({ name }) => name === output.name)?.dims;
    return dims && rankless.includes(output.name) ? { ...output, shape: dims.map(() => -1) } : output;
  });
  return ok({ ...manifest, outputs });
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
