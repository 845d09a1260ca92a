import { fault, failed, ok, type Fault, type Outcome } from '../../contract/faults/faults.ts';
import { detail, reason } from '../../contract/faults/reasons.ts';
import type { TensorBytes } from '../../contract/tensors/tensor.ts';
import type { FromWorker, PictureSource, SessionRun, ToWorker } from '../../contract/wire.ts';
import { messageOf } from '../lib/error-text.ts';
import type { Frame } from '../lib/frames.ts';
import { sha256Aside } from '../lib/sha256.ts';
import { makeCopy } from './copies/index.ts';
import type { Decoder } from './decoder.ts';
import { preparePhoto } from './prepare-photo.ts';
import { openModel, type LoadedModel } from './open-model.ts';
import { readContent, type Content } from './source.ts';
import { taskInput } from './task-input.ts';

type Send = (message: FromWorker, blobs?: readonly Uint8Array[]) => void;
type Load = Extract<ToWorker, { kind: 'load' }>;
type Infer = Extract<ToWorker, { kind: 'infer' }>;
type Run = Extract<ToWorker, { kind: 'run' }>;

/** The number of a model that has its worker for itself. */
const onlyModel = 0;

export type MessageHandler = {
  readonly handle: (frame: Frame<ToWorker>) => void;
  /** Runs the only model within this call, whatever else waits; null while none is loaded, or where it has to be asked by message. */
  readonly run: (tensors: readonly TensorBytes[]) => Outcome<SessionRun> | null;
};

/**
 * Answers the messages of the engine, in a worker. Two pictures are in hand at a time, so that reading and decoding one goes on while the
 * session runs another; everything is begun in order of arrival. `end` is called when a drain is over.
 */
export function handleMessages(decoder: () => Promise<Decoder>, send: Send, end: () => void): MessageHandler {
  const models = new Map<number, LoadedModel>();
  // Messages behind a load wait for it; its failure is reported under its own id.
  const loading = new Map<number, Promise<unknown>>();
  // Loads that came and are not answered yet, and those of them that nobody waits for any more. No number comes twice.
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
  const fail = (id: number, why: Fault): void => send({ kind: 'failed', id, fault: why });

  const modelOf = async ({
    model = onlyModel,
  }: {
    readonly model?: number;
  }): Promise<LoadedModel | undefined> => {
    await loading.get(model)?.catch(() => undefined);
    return models.get(model);
  };
  const load = async (message: Load): Promise<void> => {
    const { model = onlyModel } = message;
    try {
      if (!unwanted.has(model)) return await loadWanted(message);
      fail(message.id, fault('cancelled'));
    } finally {
      pending.delete(model);
      unwanted.delete(model);
    }
  };
  const loadWanted = async ({ id, spec, model = onlyModel }: Load): Promise<void> => {
    const started = performance.now();
    const opened = await openModel(spec);
    if (!opened.ok) return fail(id, opened.fault);
    const { session } = opened.value;
    if (unwanted.has(model)) {
      // A shared process lives on, so an unreachable session would leak.
      await session.release().catch(() => undefined);
      return fail(id, fault('cancelled'));
    }
    models.set(model, opened.value);
    send({
      kind: 'loaded',
      id,
      inputs: session.inputs,
      outputs: session.outputs,
      loadMs: performance.now() - started,
    });
  };
  const run = async (message: Run, tensors: readonly TensorBytes[]): Promise<void> => {
    const { id } = message;
    const model = await modelOf(message);
    if (!model) return fail(id, fault('internal', { reason: reason('no-model-loaded') }));
    const answer = await model.session.run(tensors);
    if (!answer.ok) return fail(id, answer.fault);
    const { tensors: given, ...times } = answer.value;
    const blobs = given.map(({ data }) => data);
    send(
      {
        kind: 'ran',
        id,
        tensors: given.map(({ name, type, dims }, blob) => ({ name, type, dims, blob })),
        ...times,
      },
      blobs,
    );
  };
  const infer = async (message: Infer, blobs: readonly Uint8Array[]): Promise<void> => {
    const { id, input, request } = message;
    const model = await modelOf(message);
    if (!model) return fail(id, fault('internal', { reason: reason('no-model-loaded') }));
    const content = await contentOf(input, blobs);
    if (!content.ok) return fail(id, content.fault);
    if (!model.task)
      return fail(id, fault('input-invalid', { name: input.name, reason: reason('takes-no-pictures') }));
    const { bytes, file } = content.value;
    const started = performance.now();
    const digest = message.digest ?? sha256Aside(bytes);
    const asked = taskInput({
      decoder: await decoder(),
      bytes,
      name: input.name,
      isFast: message.decode === 'fast',
      thorough: message.thorough === true,
      digest,
      started,
    });
    const result = await model.task.answer(asked.input, request);
    if (!result.ok) return fail(id, result.fault);
    const decodeMs = asked.decodeMs();
    const camera = asked.camera();
    send({
      kind: 'inferred',
      id,
      digest: await digest,
      sizeBytes: bytes.byteLength,
      ...(file && { file }),
      ...(camera && { camera }),
      result: result.value,
      decodeMs,
      runMs: performance.now() - started - decodeMs,
    });
  };
  const thumbnail = async (
    message: Extract<ToWorker, { kind: 'thumbnail' }>,
    blobs: readonly Uint8Array[],
  ): Promise<void> => {
    const content = await contentOf(message, blobs);
    if (!content.ok) return fail(message.id, content.fault);
    const made = await (await decoder()).thumbnail(content.value.bytes, message.edge, message.name);
    if (!made.ok) return fail(message.id, made.fault);
    const { jpeg, ...sizes } = made.value;
    send({ kind: 'thumbnailed', id: message.id, ...sizes }, [jpeg]);
  };

  const prepare = async (
    message: Extract<ToWorker, { kind: 'prepare' }>,
    blobs: readonly Uint8Array[],
  ): Promise<void> => {
    const content = await contentOf(message, blobs);
    if (!content.ok) return fail(message.id, content.fault);
    const made = await preparePhoto(await decoder(), content.value.bytes, message);
    if (!made.ok) return fail(message.id, made.fault);
    const { pixels, ...rest } = made.value;
    send({ kind: 'prepared', id: message.id, ...rest }, [pixels]);
  };

  const copy = async (
    message: Extract<ToWorker, { kind: 'copy' }>,
    blobs: readonly Uint8Array[],
  ): Promise<void> => {
    const content = await contentOf(message, blobs);
    if (!content.ok) return fail(message.id, content.fault);
    const made = await makeCopy(await decoder(), content.value.bytes, message);
    if (!made.ok) return fail(message.id, made.fault);
    send({ kind: 'copied', id: message.id }, [made.value]);
  };

  const handle = ({ message, blobs }: Frame<ToWorker>): void => {
    switch (message.kind) {
      case 'load':
        pending.add(message.model ?? onlyModel);
        return begin(message.id, () => {
          const loaded = load(message);
          loading.set(message.model ?? onlyModel, loaded);
          return loaded;
        });
      case 'unload': {
        const model = models.get(message.model);
        models.delete(message.model);
        loading.delete(message.model);
        if (pending.has(message.model)) unwanted.add(message.model);
        return void model?.session.release().catch(() => undefined);
      }
      case 'infer':
        return begin(message.id, () => infer(message, blobs));
      case 'thumbnail':
        return begin(message.id, () => thumbnail(message, blobs));
      case 'copy':
        return begin(message.id, () => copy(message, blobs));
      case 'prepare':
        return begin(message.id, () => prepare(message, blobs));
      case 'run':
        return begin(message.id, () =>
          run(
            message,
            message.tensors.map(({ blob, ...tensor }) => ({
              ...tensor,
              data: blobs[blob] ?? new Uint8Array(),
            })),
          ),
        );
      case 'ping':
        return send({ kind: 'pong', id: message.id, rssBytes: process.memoryUsage.rss() });
      case 'cancel': {
        const at = waiting.findIndex(({ id }) => id === message.target);
        if (at >= 0) waiting.splice(at, 1);
        return at >= 0 ? fail(message.target, fault('cancelled')) : undefined;
      }
      case 'drain':
        isDraining = true;
        return next();
    }
  };
  const runAtOnce = (tensors: readonly TensorBytes[]): Outcome<SessionRun> | null => {
    try {
      return models.get(onlyModel)?.session.runNow(tensors) ?? null;
    } catch (error) {
      return failed('internal', { reason: detail(messageOf(error)) });
    }
  };
  return { handle, run: runAtOnce };
}

function contentOf(
  message: { source: PictureSource; name: string },
  blobs: readonly Uint8Array[],
): Promise<Outcome<Content>> {
  const { source, name } = message;
  if (source.kind === 'file') return readContent(source.path, name);
  const blob = blobs[source.blob];
  if (!blob || blob.byteLength === 0) return Promise.resolve(failed('file-empty', { file: name }));
  return Promise.resolve(ok({ bytes: blob, file: null }));
}
