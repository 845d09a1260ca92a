import path from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { failed, ok, type Outcome } from '../../contract/faults/faults.ts';
import { reason, type Reason } from '../../contract/faults/reasons.ts';
import { fitsShape, takenNames, type TensorBytes } from '../../contract/tensors/tensor.ts';
import type { LoadSpec, SessionRun, WireTensorSpec } from '../../contract/wire.ts';
import { bfloatBorder } from './bfloat-border.ts';
import { cut, fewerRows, fixedRows, padded } from './fixed-rows.ts';
import { converted, outerType } from './float-border.ts';
import type { BfloatBorder } from './bfloat-border.ts';
import { mappedModel } from './mapped-model.ts';
import type { SessionOptions } from './mapped-model.ts';
import { rejection } from './rejection.ts';
import { createSession } from './create-session.ts';
import type { Fetches, RunNow } from './create-session.ts';
import { isSystemsFault, runFault, runtimeWhy } from './runtime-errors.ts';
import { lacksLocale, nameShippedLocale } from './shipped-locale.ts';
import { fromRuntime, toRuntime } from './tensors.ts';

/** A loaded model. `run` stands still for the whole inference: that is why it lives in a process of its own. */
export type Session = {
  readonly inputs: readonly WireTensorSpec[];
  readonly outputs: readonly WireTensorSpec[];
  run(tensors: readonly TensorBytes[]): Promise<Outcome<SessionRun>>;
  /** The same within this call; null where the runtime offers no such run. */
  runNow(tensors: readonly TensorBytes[]): Outcome<SessionRun> | null;
  /** Gives its memory back; nothing may be asked of it afterwards. */
  release(): Promise<void>;
  runRaw(feeds: InferenceSession.FeedsType, fetches: readonly string[]): Promise<InferenceSession.ReturnType>;
};

export async function openSession(spec: LoadSpec): Promise<Outcome<Session>> {
  try {
    const border = spec.hasBfloat16 ? await bfloatBorder(spec.modelFile) : null;
    const created = await create(spec, border?.model ?? null);
    try {
      return ok(asSession(created, border, spec));
    } catch (error) {
      await created.session.release();
      throw error;
    }
  } catch (error) {
    const file = path.basename(spec.modelFile);
    return isSystemsFault(error)
      ? failed('model-not-loaded', { model: file, reason: runtimeWhy(error, '') })
      : rejection(error, file);
  }
}

type Created = { readonly session: InferenceSession; readonly runNow: RunNow | null };

async function create(spec: LoadSpec, inMemory: Buffer | null): Promise<Created> {
  const folder = path.dirname(spec.modelFile);
  const load = async (): Promise<Created> => {
    const options = {
      executionProviders: [spec.provider],
      intraOpNumThreads: spec.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential' as const,
      graphOptimizationLevel: 'all' as const,
      logSeverityLevel: 4 as const,
      // Spinning threads win nothing at the median and take the cores from the other workers between runs.
      extra: {
        session: {
          intra_op: { allow_spinning: '0' },
          // Weights beside the file are looked for there though the model comes from memory.
          ...(inMemory && { model_external_initializers_file_folder_path: folder }),
        },
      },
    };
    return (
      (!inMemory && (await createMapped(spec, options))) || createSession(inMemory ?? spec.modelFile, options)
    );
  };
  try {
    return await load();
  } catch (error) {
    if (!lacksLocale(error) || !nameShippedLocale()) throw error;
    return load();
  }
}

/** Null where the model is not to be mapped, or cannot be. */
async function createMapped(
  { modelFile, provider, mappedFolder }: LoadSpec,
  options: SessionOptions,
): Promise<Created | null> {
  if (mappedFolder === undefined || provider !== 'cpu') return null;
  const mapped = await mappedModel(modelFile, mappedFolder, options);
  if (mapped === null) return null;
  const { session: extra } = options.extra;
  const asItIs = { ...options, graphOptimizationLevel: 'disabled' as const, extra: { session: extra } };
  return createSession(mapped, asItIs).catch(() => null);
}

function asSession(
  { session, runNow }: Created,
  border: BfloatBorder | null,
  { inputs: declared = [], outputs: declaredOutputs, hasRows }: LoadSpec,
): Session {
  const taken = (name: string): string => border?.inputs.get(name) ?? name;
  const given = (name: string): string => border?.outputs.get(name) ?? name;
  const inputs = session.inputMetadata.map((value) => specOf(value, border?.inputs));
  // Lists and maps beside the tensors are never asked for: the runtime leaves out what makes them alone.
  const tensors = session.outputMetadata.filter(({ isTensor }) => isTensor);
  const outputs = (tensors.length > 0 ? tensors : session.outputMetadata).map((value) =>
    specOf(value, border?.outputs),
  );
  const fetches: Fetches = Object.fromEntries(outputs.map(({ name }) => [given(name), null]));
  const asked = inputs.map((spec) => ({ ...spec, type: outerType(spec, declared) }));
  const rows = hasRows ? fixedRows(inputs) : null;
  const feed = (came: readonly TensorBytes[]): Outcome<Fed> => {
    const begun = performance.now();
    const few = rows === null ? null : fewerRows(came, rows);
    const tensors = rows === null || few === null ? came : came.map((tensor) => padded(tensor, rows));
    const feeds: Record<string, InferenceSession.OnnxValueMapType[string]> = {};
    for (const [at, spec] of asked.entries()) {
      const tensor = tensors.find(({ name }) => name === spec.name);
      const misfit = tensor ? misfitOf(tensor, spec) : reason('is-missing');
      if (!tensor || misfit)
        return failed('input-invalid', { name: spec.name, reason: misfit ?? reason('is-missing') });
      const value = toRuntime(converted(tensor, inputs[at]!.type));
      if (!value.ok) return value;
      feeds[taken(spec.name)] = value.value;
    }
    const stray = tensors.find(({ name }) => !inputs.some((spec) => spec.name === name));
    if (stray)
      return failed('input-invalid', {
        name: stray.name,
        reason: reason('model-takes', { names: takenNames(inputs) }),
      });
    return ok({ feeds, few, begun, fed: performance.now() });
  };
  const answer = ({ few, begun, fed }: Fed, values: InferenceSession.ReturnType): Outcome<SessionRun> => {
    const ran = performance.now();
    const tensorsGiven = outputs.map((output) => {
      const value = fromRuntime(output, values[given(output.name)] as never);
      const tensor = converted(value, outerType(output, declaredOutputs));
      return rows === null || few === null ? tensor : cut(tensor, rows, few);
    });
    const ended = performance.now();
    return ok({
      tensors: tensorsGiven,
      inputMs: fed - begun,
      runMs: ended - begun,
      outputMs: ended - ran,
    });
  };
  const failure = (error: unknown): Outcome<never> => runFault(error, inputs[0]?.name ?? '');
  return {
    inputs,
    outputs,
    runRaw: (feeds, wanted) => session.run(feeds, [...wanted]),
    release: () => session.release(),
    async run(tensors) {
      const fed = feed(tensors);
      if (!fed.ok) return fed;
      try {
        return answer(fed.value, await session.run(fed.value.feeds, fetches));
      } catch (error) {
        return failure(error);
      }
    },
    runNow(tensors) {
      if (runNow === null) return null;
      const fed = feed(tensors);
      if (!fed.ok) return fed;
      try {
        return answer(fed.value, runNow(fed.value.feeds, fetches));
      } catch (error) {
        return failure(error);
      }
    },
  };
}

type Fed = {
  readonly feeds: InferenceSession.FeedsType;
  /** Rows that came, where the graph takes more. */
  readonly few: number | null;
  readonly begun: number;
  readonly fed: number;
};

/** As the model's file says it; `cast`: names that stand for bfloat16 in the runtime, by their own. */
function specOf(value: InferenceSession.ValueMetadata, cast?: ReadonlyMap<string, string>): WireTensorSpec {
  if (!value.isTensor) throw new Error(`${value.name} is not a tensor`);
  for (const [name, outside] of cast ?? [])
    if (outside === value.name) return { name, type: 'bfloat16', shape: value.shape };
  return { name: value.name, type: value.type as WireTensorSpec['type'], shape: value.shape };
}

function misfitOf(tensor: TensorBytes, spec: WireTensorSpec): Reason | null {
  if (tensor.type !== spec.type) return reason('model-takes-not', { wanted: spec.type, found: tensor.type });
  return fitsShape(tensor.dims, spec.shape)
    ? null
    : reason('model-takes-not', { wanted: spec.shape.join(' × '), found: tensor.dims.join(' × ') });
}
