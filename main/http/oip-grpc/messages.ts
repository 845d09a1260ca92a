/* The messages of grpc_service.proto (test/fixtures/proto) as they are after reading: every field is there, with its default. */

/** 64 bits in two halves of 32, as protobuf's reader gives them; exact where a JavaScript number is not. */
export type Int64 = { readonly low: number; readonly high: number; readonly unsigned: boolean };

/** One of the fields is the value; `parameter_choice` names it. */
export type InferParameter = {
  readonly parameter_choice?: string;
  readonly bool_param?: boolean;
  readonly int64_param?: Int64 | number;
  readonly uint64_param?: Int64 | number;
  readonly string_param?: string;
  readonly double_param?: number;
};
export type InferParameters = Readonly<Record<string, InferParameter>>;

/** Elements in the field of their datatype, flat and row-major. */
export type InferTensorContents = {
  readonly bool_contents?: readonly boolean[];
  readonly int_contents?: readonly number[];
  readonly int64_contents?: readonly Int64[];
  readonly uint_contents?: readonly number[];
  readonly uint64_contents?: readonly Int64[];
  readonly fp32_contents?: readonly number[];
  readonly fp64_contents?: readonly number[];
  readonly bytes_contents?: readonly Uint8Array[];
};

export type InferInputTensor = {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly Int64[];
  readonly parameters: InferParameters;
  readonly contents: InferTensorContents | null;
};
export type InferRequestedOutput = { readonly name: string; readonly parameters: InferParameters };

export type ModelInferRequest = {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly parameters: InferParameters;
  readonly inputs: readonly InferInputTensor[];
  readonly outputs: readonly InferRequestedOutput[];
  readonly raw_input_contents: readonly Uint8Array[];
};

type InferOutputTensor = {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly contents?: InferTensorContents;
};
export type ModelInferResponse = {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly parameters?: InferParameters;
  readonly outputs: readonly InferOutputTensor[];
  readonly raw_output_contents?: readonly Uint8Array[];
};

export type RepositoryIndexRequest = { readonly ready: boolean };
export type HealthCheckRequest = { readonly service: string };

/** The number, or null when it is beyond what a JavaScript number holds exactly. */
export function exactNumber(value: Int64 | number): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  const { low, high, unsigned } = value;
  const number = (unsigned ? high >>> 0 : high) * 2 ** 32 + (low >>> 0);
  return Number.isSafeInteger(number) ? number : null;
}
