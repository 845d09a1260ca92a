import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { goldenFault } from '../../../contract/packs/model.ts';
import type { GoldenSet, Manifest } from '../../../contract/packs/manifest.ts';
import { sha256Of } from '../../lib/sha256.ts';
import { manifestName, parseManifest } from '../manifest.ts';
import { json } from './compose.ts';
import { about } from './about.ts';
import type { Scoring } from './validate-scores.ts';
import { recordGolden } from './record.ts';
import type { BuildRequest, OpenRunner } from './request.ts';
import type { Stage } from './stage.ts';
import { writePrepared } from './write-prepared.ts';
import { tryOnce } from './try-once.ts';
import type { Tried } from './try-once.ts';

type Shown = { readonly tried: Tried; readonly shown: string | null };
type Proving = {
  /** Outputs of unknown rank. */
  readonly rankless: readonly string[];
  readonly request: BuildRequest;
  readonly ports: { readonly openRunner: OpenRunner; readonly signal?: AbortSignal };
  readonly stage: Stage;
  readonly labels: number | null;
  readonly scoring: Scoring | null;
};
type Proved = {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly golden: number;
  readonly notes: readonly string[];
};

/**
 * Runs every variant once, with the golden inputs if there are any, and then the finished pack against them. `draft`
 * has no softmax: whether the scores need one is decided by the graph's raw values.
 */
export async function prove(proving: Proving, draft: Manifest): Promise<Outcome<Proved>> {
  const { request, ports, stage } = proving;
  if (ports.signal?.aborted) return failed('cancelled');
  const written = await writeManifest(stage, draft, request.appVersion);
  if (!written.ok) return written;
  const ref = `${draft.id}@${draft.version}`;
  const open = () => ports.openRunner({ folder: stage.folder, ref, variant: request.as });
  const seen = await withRunner(open(), async (runner): Promise<Outcome<Shown>> => {
    // Before the scores are judged, so that the pictures exist when the scores are refused.
    const shown = await writePrepared(runner, request, draft);
    if (!shown.ok) return about('golden', shown);
    const tried = await tryOnce({ ...proving, runner, manifest: draft });
    return tried.ok ? ok({ tried: tried.value, shown: shown.value }) : tried;
  });
  if (!seen.ok) return seen;
  const { tried, shown } = seen.value;
  const manifest = learn(draft, tried, proving);
  const notes = [...tried.notes, ...(shown === null ? [] : [shown])];
  const recorded = request.golden.length === 0 ? ok([]) : await record({ ...proving, open }, manifest);
  if (!recorded.ok) return recorded;
  const cases = recorded.value;
  const added = cases.length === 0 ? ok(undefined) : await stage.write('golden/golden.json', json({ cases }));
  if (!added.ok) return added;
  const whole = cases.length === 0 ? manifest : { ...manifest, golden: 'golden/golden.json' };
  const final = await writeManifest(stage, whole, request.appVersion);
  if (!final.ok) return final;
  if (cases.length === 0) return ok({ ...final.value, golden: 0, notes });
  for (const { name: variant } of draft.variants) {
    if (ports.signal?.aborted) return failed('cancelled');
    const checked = await withRunner(ports.openRunner({ folder: stage.folder, ref, variant }), (runner) =>
      runner.golden(),
    );
    if (!checked.ok) return checked;
    const wrong = goldenFault(ref, checked.value);
    if (wrong) return { ok: false, fault: wrong };
  }
  return ok({ ...final.value, golden: cases.length, notes });
}

/** Records the results for the golden inputs with the final steps. */
async function record(
  { request, stage, open }: Proving & { readonly open: () => ReturnType<OpenRunner> },
  manifest: Manifest,
): Promise<Outcome<GoldenSet['cases']>> {
  const written = await writeManifest(stage, manifest, request.appVersion);
  if (!written.ok) return written;
  const cases = await withRunner(open(), (runner) =>
    recordGolden({ runner, stage, manifest }, request.golden),
  );
  return cases.ok ? ok([...cases.value]) : about('golden', cases);
}

/**
 * Completes the manifest by what was observed: a softmax or sigmoid if the values are not scores yet, and the rank of
 * outputs that the graph does not state.
 */
function learn(draft: Manifest, { kind, seen }: Tried, { rankless, scoring }: Proving): Manifest {
  const outputs = draft.outputs.map((output) => {
    const dims = seen.get(output.name);
    return dims && rankless.includes(output.name) ? { ...output, shape: dims.map(() => -1) } : output;
  });
  return { ...draft, outputs, postprocessing: endOf(draft.postprocessing, kind, scoring) };
}

/** The steps that turn the observed values into scores, and whether labels are independent. */
function endOf(
  steps: Manifest['postprocessing'],
  kind: Tried['kind'],
  scoring: Scoring | null,
): Manifest['postprocessing'] {
  if (!scoring) return steps;
  if (kind === 'independent' && scoring.isUnknown !== true)
    return steps.map((step) => (step.op === 'top-k' ? { ...step, independent: true } : step));
  if (kind !== 'logits' && kind !== 'independent-logits') return steps;
  const op = kind === 'logits' ? 'softmax' : 'sigmoid';
  // The first step names the output for all that follow.
  const rest = steps.map((step) => (step.op === 'top-k' ? { op: step.op, k: step.k } : step));
  return [{ op, output: scoring.output }, ...rest];
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
): Promise<Outcome<Pick<Proved, 'manifest' | 'digest'>>> {
  const bytes = Buffer.from(json({ ...draft, files: stage.files() }));
  // Validated as the library would, with the same faults.
  const parsed = parseManifest(bytes, draft.id, appVersion);
  if (!parsed.ok) return parsed;
  await writeFile(join(stage.folder, manifestName), bytes);
  return ok({
    manifest: parsed.value,
    digest: sha256Of(bytes),
  });
}
