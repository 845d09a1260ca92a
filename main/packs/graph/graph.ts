/** What a model file says of itself, read without running it. */
export type Graph = {
  /** What the file is called in a fault. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly irVersion: number;
  readonly producer: { readonly name: string; readonly version: string };
  readonly domain: string;
  readonly modelVersion: number;
  /** Operator set versions; ONNX's own domain is the empty string. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** What must be fed: inputs with a value of their own in the file are left out. */
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphOutput[];
  /** Weights of the outermost graph. */
  readonly initializers: number;
  /** Operators used anywhere, as `Conv` or `com.microsoft.QLinearAdd`, sorted. */
  readonly operators: readonly string[];
  /** Tensors that lie in other files, wherever in the model they are named. */
  readonly external: readonly ExternalTensor[];
};

export type GraphValue = {
  readonly name: string;
  readonly kind: 'tensor' | 'sequence' | 'map' | 'optional' | 'sparse tensor' | 'unknown';
  /** ONNX's name of the element type, as `float32`; null for what is no tensor. */
  readonly type: string | null;
  /** A number, the name of a free dimension, or null for one that nothing is known of; null where there is no shape at all. */
  readonly shape: readonly (number | string | null)[] | null;
};

export type GraphOutput = GraphValue & {
  /** Operator that its values come from; operators that only change form or type are looked through. */
  readonly madeBy: string | null;
};

export type ExternalTensor = {
  readonly tensor: string;
  /** As it is written in the file; null when it is not said. */
  readonly location: string | null;
  readonly offset: string | null;
  readonly length: string | null;
  /** Bytes of the file in which the location is written; null when it is not said. */
  readonly span: Span | null;
};

/** From the first byte to before `end`. */
export type Span = { readonly at: number; readonly end: number };
