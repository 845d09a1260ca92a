import { readFile, stat } from 'node:fs/promises';
import { readFault } from '../../../contract/faults/disk-faults.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { Labels } from '../../../contract/packs/labels.ts';
import { recordFault, recordResult } from '../../../contract/runs/record.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { rawTask } from '../../../contract/tasks/index.ts';
import { sha256Of } from '../../lib/sha256.ts';
import type { InputOutcome, PredictWork } from './types.ts';
import { fsPath } from '../../lib/file-names.ts';
import { tensorsOf } from '../tensors/input.ts';
import { printTensors } from '../tensors/json.ts';
import { rowLabels } from '../tensors/labels.ts';

const mostBytes = 512 * 1024 ** 2;

/** Results of a model of raw tensors: each input is a file of tensors (../tensors/input.ts). */
export async function* answerTensors(work: PredictWork): AsyncGenerator<InputOutcome> {
  const known = await work.opened.library.labels(work.pack);
  const labels = known.ok ? known.value : [];
  for await (const input of work.named.paths) {
    if (work.interrupt.signal.aborted) return;
    const answer = await answerFile(work, input, labels);
    if (answer.fault?.code === 'cancelled') return;
    yield answer;
  }
}

async function answerFile(work: PredictWork, input: string, labels: Labels): Promise<InputOutcome> {
  const { opened, options, pack, interrupt, session } = work;
  const begun = performance.now();
  const bytes = await readInput(input);
  if (!bytes.ok) return unanswered(input, bytes.fault);
  const tensors = await tensorsOf(input, bytes.value, pack.manifest.inputs);
  if (!tensors.ok) return unanswered(input, tensors.fault);
  const request = {
    model: pack.ref,
    variant: options.variant,
    provider: options.provider,
    tensors: tensors.value,
    useCache: options.cache,
  };
  const answer = await opened.engine.runTensors(request, { signal: interrupt.signal });
  if (!answer.ok) return unanswered(input, answer.fault);
  const variant = opened.library.variant(pack, options.variant);
  const { provider, workers, threads } = opened.engine.status();
  const provenance = {
    input,
    digest: sha256Of(bytes.value),
    model: pack.manifest.id,
    version: pack.manifest.version,
    packDigest: pack.digest,
    variant: variant.ok ? variant.value.name : 'fp32',
    provider,
    cached: answer.value.cached,
    durationMs: performance.now() - begun,
    at: new Date().toISOString(),
    appVersion: session.places.version,
  };
  const ranAs = `${provenance.model} ${provenance.version}, ${provenance.variant}, on ${provider}, workers × threads ${workers} × ${threads}`;
  const best = rowLabels(answer.value.tensors, labels);
  return {
    record: recordResult(provenance, {
      task: rawTask,
      outputs: printTensors(answer.value.tensors),
      ...(best && { labels: best }),
    }),
    isCached: answer.value.cached,
    fault: null,
    ranAs,
  };
}

async function readInput(file: string): Promise<Outcome<Buffer>> {
  try {
    const info = await stat(fsPath(file));
    if (info.isDirectory()) return failed('not-a-file', { file, what: reason('folder') });
    if (!info.isFile()) return failed('not-a-file', { file, what: reason('device-or-pipe') });
    if (info.size === 0) return failed('file-empty', { file });
    if (info.size > mostBytes) return failed('file-too-large', { file, size: info.size, limit: mostBytes });
    return ok(await readFile(fsPath(file)));
  } catch (error) {
    return { ok: false, fault: readFault(error, file) };
  }
}

const unanswered = (input: string, fault: Fault): InputOutcome => ({
  record: recordFault(input, fault),
  isCached: false,
  fault,
  ranAs: null,
});
