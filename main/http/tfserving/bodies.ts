import type { ServedState, ServedVersion } from '../../../contract/serving/serving.ts';
import type { ElementType, TensorSpec } from '../../../contract/tensors/tensor.ts';
import type { Caller, HttpContext } from '../server/index.ts';
import { isReady } from '../oip/index.ts';
import { errorCodeOf, refusalOf } from './refusal.ts';
import { signaturesOf } from './signatures.ts';
import type { Signature } from './signatures.ts';

/** The answer to `GET /v1/models/<m>`, as protobuf's JSON writes a GetModelStatusResponse: int64 as strings. */
export function statusBody(versions: readonly ServedVersion[]): object {
  return {
    model_version_status: versions.map(({ number, state }) => ({
      version: String(number),
      state: stateNames[state.kind],
      status: statusOf(state),
    })),
  };
}

/** The answer to `GET /v1/models`, which KServe's first protocol has and TensorFlow Serving has not. */
export function modelsBody({ serving, mayAsk }: HttpContext, caller: Caller): object {
  const ids = serving.catalogue().flatMap(({ id }) => (mayAsk(caller, id) === null ? [id] : []));
  return { models: [...new Set(ids)] };
}

/** What KServe's client reads from `GET /v1/models/<m>`, beside TensorFlow Serving's own. */
export function readyBody({ serving }: HttpContext, id: string): object {
  const found = serving.find({ id });
  return { name: id, ready: found.ok && isReady(found.value.state) };
}

/** The answer to `GET …/metadata`: the SignatureDefMap of one version. */
export function metadataBody(served: ServedVersion): object {
  const signatures = signaturesOf(served).map((one) => [one.name, signatureDef(one)] as const);
  return {
    model_spec: { name: served.id, signature_name: '', version: String(served.number) },
    metadata: { signature_def: { signature_def: Object.fromEntries(signatures) } },
  };
}

const stateNames: Readonly<Record<ServedState['kind'], string>> = {
  unloaded: 'START',
  loading: 'LOADING',
  available: 'AVAILABLE',
  end: 'END',
};

function statusOf(state: ServedState): object {
  if (state.kind !== 'end' || state.fault === null) return { error_code: 'OK', error_message: '' };
  const { status, text } = refusalOf(state.fault);
  return { error_code: errorCodeOf(status), error_message: text };
}

function signatureDef({ method, inputs, outputs }: Signature): object {
  return {
    inputs: tensorInfos(inputs),
    outputs: tensorInfos(outputs),
    method_name: `tensorflow/serving/${method}`,
  };
}

function tensorInfos(specs: readonly TensorSpec[]): object {
  return Object.fromEntries(
    specs.map(({ name, type, shape }) => [
      name,
      {
        dtype: dataTypes[type],
        tensor_shape: { dim: shape.map(dimension), unknown_rank: false },
        name: `${name}:0`,
      },
    ]),
  );
}

/** The name of a free dimension stands where TensorFlow has one for it. */
function dimension(size: number | string): object {
  return typeof size === 'string' ? { size: '-1', name: size } : { size: String(size), name: '' };
}

/** TensorFlow's names of the element types. */
const dataTypes: Readonly<Record<ElementType, string>> = {
  float32: 'DT_FLOAT',
  float64: 'DT_DOUBLE',
  float16: 'DT_HALF',
  bfloat16: 'DT_BFLOAT16',
  int8: 'DT_INT8',
  uint8: 'DT_UINT8',
  int16: 'DT_INT16',
  uint16: 'DT_UINT16',
  int32: 'DT_INT32',
  uint32: 'DT_UINT32',
  int64: 'DT_INT64',
  uint64: 'DT_UINT64',
  bool: 'DT_BOOL',
  string: 'DT_STRING',
};
