import { datatypeOf } from '../../../contract/tensors/datatypes.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { BatchingParameters, ServedState, ServedVersion } from '../../../contract/serving/serving.ts';
import { isFixed, plainDim } from '../../../contract/tensors/tensor.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import type { Serving } from '../../serving/index.ts';
import type { Caller, ServingContext } from '../server/index.ts';
import { describedTensors } from '../tensors/index.ts';
import { allowedVersions } from './find-allowed.ts';
import type { NamedModel } from './find-allowed.ts';

/** A model that is not loaded yet is ready too: it loads at its first request. */
export function isReady({ kind }: ServedState): boolean {
  return kind === 'available' || kind === 'unloaded';
}

/** ModelReady: a model that is not there is not ready, as Triton has it. */
export function readinessOf(
  { serving, mayAsk }: ServingContext,
  caller: Caller,
  { name, version }: NamedModel,
): Outcome<object> {
  const why = mayAsk(caller, name);
  if (why) return { ok: false, fault: why };
  const found = serving.find(version === '' ? { id: name } : { id: name, version });
  return ok({ ready: found.ok && isReady(found.value.state) });
}

/** ModelMetadata: all versions, and the tensors of the one that is meant. */
export function metadataOf(serving: Serving, served: ServedVersion): object {
  const { inputs, outputs } = describedTensors(served);
  const tensor = ({ name, type, shape }: TensorSpec): object => ({
    name,
    datatype: datatypeOf(type),
    shape: shape.map(plainDim),
  });
  return {
    name: served.id,
    versions: serving.catalogue().flatMap((one) => (one.id === served.id ? [one.shownVersion] : [])),
    platform: 'onnx_onnxv1',
    inputs: inputs.map(tensor),
    outputs: outputs.map(tensor),
  };
}

/** ModelConfig, in the fields of Triton's model_config.proto. */
export function configOf(serving: Serving, served: ServedVersion): object {
  const { inputs, outputs } = describedTensors(served);
  const batching = serving.batching(served.id);
  const most = served.maxBatch ?? batching.max_batch_size ?? 0;
  // Where Triton batches, the first dimension is not written.
  const isBatched = most > (served.maxBatch === null ? 1 : 0) && hasFreeRows(served);
  const tensor = ({ name, type, shape }: TensorSpec): object => ({
    name,
    data_type: type === 'string' ? 'TYPE_STRING' : `TYPE_${datatypeOf(type)}`,
    dims: (isBatched ? shape.slice(1) : shape).map(plainDim),
  });
  return {
    name: served.id,
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    version_policy: { all: {} },
    max_batch_size: isBatched ? most : 0,
    input: inputs.map(tensor),
    output: outputs.map(tensor),
    instance_group: [
      { name: served.id, kind: 'KIND_CPU', count: served.workers ?? serving.status().workers },
    ],
    ...(isBatched && most > 1 && { dynamic_batching: dynamicOf(batching) }),
  };
}

type Entry = {
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly reason: string;
};

/** RepositoryIndex: every version that this caller may ask for. */
export function indexOf(context: ServingContext, caller: Caller, onlyReady: boolean): readonly Entry[] {
  return allowedVersions(context, caller)
    .filter(({ state }) => !onlyReady || isReady(state))
    .map(({ id, shownVersion: version, state }) => ({
      name: id,
      version,
      state: stateNames[state.kind],
      reason: reasonOf(state),
    }));
}

/** A model that is to be loaded or unloaded; of its parameters the names count. */
export type RepositoryModel = {
  readonly model_name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
};
type Control = RepositoryModel & { readonly verb: 'load' | 'unload' };

/** RepositoryModelLoad and -Unload, for callers with that right. Models are loaded as they are installed: files and settings of a request are refused. */
export async function control(
  { serving, mayAsk }: ServingContext,
  caller: Caller,
  { model_name: id, parameters, verb }: Control,
): Promise<Outcome<object>> {
  const { program, isControl } = caller;
  if (!isControl) return failed('token-not-allowed', { program, what: `${verb}ing models` });
  const why = mayAsk(caller, id);
  if (why) return { ok: false, fault: why };
  const stray = Object.keys(parameters).find((name) => name !== 'unload_dependents');
  if (stray !== undefined)
    return failed('request-malformed', {
      what: `parameter ${stray.slice(0, 80)}`,
      reason: 'models are loaded as they are installed',
    });
  const found = serving.find({ id });
  if (!found.ok) return found;
  const done = verb === 'load' ? await serving.load(found.value) : await serving.unload(id);
  return done.ok ? ok({}) : done;
}

function hasFreeRows({ inputs, outputs }: ServedVersion): boolean {
  return (
    inputs.length > 0 &&
    [...inputs, ...outputs].every(({ shape: [rows] }) => rows !== undefined && !isFixed(rows))
  );
}

function dynamicOf({ allowed_batch_sizes: sizes, batch_timeout_micros: micros }: BatchingParameters): object {
  return {
    preferred_batch_size: sizes ?? [],
    max_queue_delay_microseconds: micros ?? 0,
  };
}

const stateNames: Readonly<Record<ServedState['kind'], string>> = {
  unloaded: 'READY',
  loading: 'LOADING',
  available: 'READY',
  end: 'UNAVAILABLE',
};

function reasonOf(state: ServedState): string {
  if (state.kind === 'unloaded') return 'loads at its first request';
  if (state.kind !== 'end') return '';
  return state.fault?.message ?? 'unloaded';
}
