/** Description of a model file, read without running it. */
export type Graph = {
  /** Name of the file in faults. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly irVersion: number;
  readonly producer: { readonly name: string; readonly version: string };
  readonly domain: string;
  readonly modelVersion: number;
  /** Operator set versions; the standard ONNX domain is the empty string. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Inputs that must be fed; those with an initializer are omitted. */
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphOutput[];
  /** Number of weights in the main graph. */
  readonly initializers: number;
  /** Operators used anywhere, such as `Conv` or `com.microsoft.QLinearAdd`, sorted. */
  readonly operators: readonly string[];
  /** Tensors with external data, anywhere in the model. */
  readonly external: readonly ExternalTensor[];
};

export type GraphValue = {
  readonly name: string;
  readonly kind: 'tensor' | 'sequence' | 'map' | 'optional' | 'sparse tensor' | 'unknown';
  /** ONNX's name of the element type, such as `float32`; null for what is not a tensor. */
  readonly type: string | null;
  /** Each dimension is a number, the name of a free one, or null if unknown; null when the rank is unknown. */
  readonly shape: readonly (number | string | null)[] | null;
};

export type GraphOutput = GraphValue & {
  /** The operator that computes the values; operators that only change layout or type are skipped. */
  readonly madeBy: string | null;
};

export type ExternalTensor = {
  readonly tensor: string;
  /** As written in the file; null when it is missing. */
  readonly location: string | null;
  readonly offset: string | null;
  readonly length: string | null;
  /** Where in the file the location is written; null when it is missing. */
  readonly span: Span | null;
};

/** Byte offsets, `end` exclusive. */
export type Span = { readonly at: number; readonly end: number };
