import path from 'node:path';
import { fault, failed, ok, type Fault, type Outcome } from '../../contract/faults.ts';
import { detail, reason } from '../../contract/reasons.ts';
import type { TensorBytes } from '../../contract/tensor.ts';
import type { FromWorker, PictureSource, ToWorker } from '../../contract/wire.ts';
import { messageOf } from '../lib/error-text.ts';
import type { Frame } from '../lib/frames.ts';
import { sha256Aside } from '../lib/sha256.ts';
import type { Decoder } from './decoder.ts';
import { preparePhoto } from './prepare-photo.ts';
import { decodeSpec } from './preprocess.ts';
import { openSession, type Session } from './session.ts';
import { readContent, type Content } from './source.ts';
import { openTask, type OpenedTask } from './tasks/index.ts';

type Say = (sentence: FromWorker, blobs?: readonly Uint8Array[]) => void;
type Load = Extract<ToWorker, { kind: 'load' }>;
type Infer = Extract<ToWorker, { kind: 'infer' }>;
type Run = Extract<ToWorker, { kind: 'run' }>;
/** `task` is null for a model of raw tensors. */
type LoadedModel = { readonly session: Session; readonly task: OpenedTask | null };

/** The number of a model that has its worker for itself. */
const onlyModel = 0;

export type Conversation = { readonly hear: (frame: Frame<ToWorker>) => void };

/**
 * A worker's side of the wire. Two pictures are in hand at a time, so that reading and decoding one goes on while the
 * session runs another; everything is begun in order of arrival. `end` is called when a drain is over.
 */
export function converse(decoder: () => Promise<Decoder>, say: Say, end: () => void): Conversation {
  const models = new Map<number, LoadedModel>();
  // What came behind a load waits for it; its failure is answered under its own id.
  const loading = new Map<number, Promise<unknown>>();
  // Loads that were heard and not answered yet, and those of them that nobody waits for any more. No number comes twice.
  const pending = new Set<number>();
  const unwanted = new Set<number>();
  let active = 0;
  let isDraining = false;
  const waiting: { id: number; work: () => Promise<void> }[] = [];

  const begin = (id: number, work: () => Promise<void>): void => {
    waiting.push({ id, work });
    next();
  };
  const next = (): void => {
    while (active < 2) {
      const job = waiting.shift();
      if (!job) break;
      active += 1;
      void guarded(job.id, job.work).then(() => {
        active -= 1;
        next();
      });
    }
    if (isDraining && active === 0) end();
  };
  const guarded = async (id: number, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      fail(id, fault('internal', { reason: detail(messageOf(error)) }));
    }
  };
  const fail = (id: number, why: Fault): void => say({ kind: 'failed', id, fault: why });

  const modelOf = async ({
    model = onlyModel,
  }: {
    readonly model?: number;
  }): Promise<LoadedModel | undefined> => {
    await loading.get(model)?.catch(() => undefined);
    return models.get(model);
  };
  const load = async (sentence: Load): Promise<void> => {
    const { model = onlyModel } = sentence;
    try {
      if (!unwanted.has(model)) return await loadWanted(sentence);
      fail(sentence.id, fault('cancelled'));
    } finally {
      pending.delete(model);
      unwanted.delete(model);
    }
  };
  const loadWanted = async ({ id, spec, model = onlyModel }: Load): Promise<void> => {
    const started = performance.now();
    const session = await openSession(spec);
    if (!session.ok) return fail(id, session.fault);
    const task = openTask({ session: session.value, spec, file: path.basename(spec.modelFile) });
    if (!task.ok || unwanted.has(model)) {
      // A process that others share lives on: what it keeps no number for would stay in its memory.
      await session.value.release().catch(() => undefined);
      return fail(id, task.ok ? fault('cancelled') : task.fault);
    }
    models.set(model, { session: session.value, task: task.value });
    say({
      kind: 'loaded',
      id,
      inputs: session.value.inputs,
      outputs: session.value.outputs,
      loadMs: performance.now() - started,
    });
  };
  const run = async (sentence: Run, tensors: readonly TensorBytes[]): Promise<void> => {
    const { id } = sentence;
    const model = await modelOf(sentence);
    if (!model) return fail(id, fault('internal', { reason: reason('no-model-loaded') }));
    const answer = await model.session.run(tensors);
    if (!answer.ok) return fail(id, answer.fault);
    const { tensors: given, ...times } = answer.value;
    const blobs = given.map(({ data }) => data);
    say(
      {
        kind: 'ran',
        id,
        tensors: given.map(({ name, type, dims }, blob) => ({ name, type, dims, blob })),
        ...times,
      },
      blobs,
    );
  };
  const infer = async (sentence: Infer, blobs: readonly Uint8Array[]): Promise<void> => {
    const { id, input, request } = sentence;
    const model = await modelOf(sentence);
    if (!model) return fail(id, fault('internal', { reason: reason('no-model-loaded') }));
    const content = await contentOf(input, blobs);
    if (!content.ok) return fail(id, content.fault);
    if (!model.task)
      return fail(id, fault('input-invalid', { name: input.name, reason: reason('takes-no-pictures') }));
    const { bytes, file } = content.value;
    const started = performance.now();
    const digest = sentence.digest ?? sha256Aside(bytes);
    const adapter = await decoder();
    let decodeMs = 0;
    const result = await model.task.answer(
      {
        name: input.name,
        picture: async (steps) => {
          const begun = decodeMs === 0 ? started : performance.now();
          const spec = decodeSpec(steps, sentence.decode === 'fast');
          const [picture] = await Promise.all([adapter.decode(bytes, spec, input.name), digest]);
          decodeMs += performance.now() - begun;
          return picture;
        },
      },
      request,
    );
    if (!result.ok) return fail(id, result.fault);
    say({
      kind: 'inferred',
      id,
      digest: await digest,
      sizeBytes: bytes.byteLength,
      ...(file && { file }),
      result: result.value,
      decodeMs,
      runMs: performance.now() - started - decodeMs,
    });
  };
  const thumbnail = async (
    sentence: Extract<ToWorker, { kind: 'thumbnail' }>,
    blobs: readonly Uint8Array[],
  ): Promise<void> => {
    const content = await contentOf(sentence, blobs);
    if (!content.ok) return fail(sentence.id, content.fault);
    const made = await (await decoder()).thumbnail(content.value.bytes, sentence.edge, sentence.name);
    if (!made.ok) return fail(sentence.id, made.fault);
    const { jpeg, ...sizes } = made.value;
    say({ kind: 'thumbnailed', id: sentence.id, ...sizes }, [jpeg]);
  };

  const prepare = async (
    sentence: Extract<ToWorker, { kind: 'prepare' }>,
    blobs: readonly Uint8Array[],
  ): Promise<void> => {
    const content = await contentOf(sentence, blobs);
    if (!content.ok) return fail(sentence.id, content.fault);
    const made = await preparePhoto(await decoder(), content.value.bytes, sentence);
    if (!made.ok) return fail(sentence.id, made.fault);
    const { pixels, ...rest } = made.value;
    say({ kind: 'prepared', id: sentence.id, ...rest }, [pixels]);
  };

  const hear = ({ sentence, blobs }: Frame<ToWorker>): void => {
    switch (sentence.kind) {
      case 'load':
        pending.add(sentence.model ?? onlyModel);
        return begin(sentence.id, () => {
          const loaded = load(sentence);
          loading.set(sentence.model ?? onlyModel, loaded);
          return loaded;
        });
      case 'unload': {
        const gone = models.get(sentence.model);
        models.delete(sentence.model);
        loading.delete(sentence.model);
        if (pending.has(sentence.model)) unwanted.add(sentence.model);
        return void gone?.session.release().catch(() => undefined);
      }
      case 'infer':
        return begin(sentence.id, () => infer(sentence, blobs));
      case 'thumbnail':
        return begin(sentence.id, () => thumbnail(sentence, blobs));
      case 'prepare':
        return begin(sentence.id, () => prepare(sentence, blobs));
      case 'run':
        return begin(sentence.id, () =>
          run(
            sentence,
            sentence.tensors.map(({ blob, ...tensor }) => ({
              ...tensor,
              data: blobs[blob] ?? new Uint8Array(),
            })),
          ),
        );
      case 'ping':
        return say({ kind: 'pong', id: sentence.id, rssBytes: process.memoryUsage.rss() });
      case 'cancel': {
        const at = waiting.findIndex(({ id }) => id === sentence.target);
        if (at >= 0) waiting.splice(at, 1);
        return at >= 0 ? fail(sentence.target, fault('cancelled')) : undefined;
      }
      case 'drain':
        isDraining = true;
        return next();
    }
  };
  return { hear };
}

function contentOf(
  sentence: { source: PictureSource; name: string },
  blobs: readonly Uint8Array[],
): Promise<Outcome<Content>> {
  const { source, name } = sentence;
  if (source.kind === 'file') return readContent(source.path, name);
  const blob = blobs[source.blob];
  if (!blob || blob.byteLength === 0) return Promise.resolve(failed('file-empty', { file: name }));
  return Promise.resolve(ok({ bytes: blob, file: null }));
}
