/* Parts of ONNX models as protobuf bytes, also such as no exporter writes. */

type Value = {
  readonly name: string;
  readonly elem: number;
  readonly dims: readonly (number | string | null)[] | null;
};
export type ModelParts = {
  readonly nodes?: readonly Buffer[];
  readonly inputs?: readonly Value[];
  readonly outputs?: readonly Value[];
  readonly initializers?: readonly Buffer[];
  readonly sparse?: readonly Buffer[];
  readonly functions?: readonly (readonly Buffer[])[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly opsets?: Readonly<Record<string, number>>;
  readonly producer?: string;
};

export function model(parts: ModelParts): Buffer {
  const graph = Buffer.concat([
    subgraph(parts.nodes ?? [], parts.initializers ?? []),
    ...(parts.sparse ?? []).map((values) => bytes(15, bytes(1, values))),
    ...(parts.inputs ?? []).map((each) => bytes(11, value(each))),
    ...(parts.outputs ?? []).map((each) => bytes(12, value(each))),
  ]);
  return Buffer.concat([
    number(1, 8),
    text(2, parts.producer ?? 'by hand'),
    bytes(7, graph),
    ...Object.entries(parts.opsets ?? { '': 17 }).map(([domain, version]) =>
      bytes(8, Buffer.concat([text(1, domain), number(2, version)])),
    ),
    ...Object.entries(parts.metadata ?? {}).map((entry) => bytes(14, pair(entry))),
    ...(parts.functions ?? []).map((nodes) => bytes(25, Buffer.concat(nodes.map((each) => bytes(7, each))))),
  ]);
}

export function subgraph(nodes: readonly Buffer[], initializers: readonly Buffer[] = []): Buffer {
  return Buffer.concat([
    ...nodes.map((each) => bytes(1, each)),
    text(2, 'graph'),
    ...initializers.map((each) => bytes(5, each)),
  ]);
}

export function node(operator: string, attributes: readonly Buffer[] = []): Buffer {
  return Buffer.concat([text(4, operator), ...attributes.map((each) => bytes(5, each))]);
}

export function attribute({ tensor, graph }: { tensor?: Buffer; graph?: Buffer }): Buffer {
  return Buffer.concat([
    text(1, 'value'),
    ...(tensor ? [bytes(5, tensor), number(20, 4)] : []),
    ...(graph ? [bytes(6, graph), number(20, 5)] : []),
  ]);
}

/** A float32 tensor of two values that lies in another file. */
export function externalTensor(
  name: string,
  ...entries: readonly Readonly<Record<string, string>>[]
): Buffer {
  return Buffer.concat([
    number(1, 2),
    number(2, 1),
    text(8, name),
    ...entries.flatMap((each) => Object.entries(each)).map((entry) => bytes(13, pair(entry))),
    number(14, 1),
  ]);
}

function value({ name, elem, dims }: Value): Buffer {
  const dim = (each: number | string | null) =>
    each === null ? Buffer.alloc(0) : typeof each === 'number' ? number(1, each) : text(2, each);
  const shape = dims && bytes(2, Buffer.concat(dims.map((each) => bytes(1, dim(each)))));
  return Buffer.concat([
    text(1, name),
    bytes(2, bytes(1, Buffer.concat([number(1, elem), ...(shape ? [shape] : [])]))),
  ]);
}

const pair = ([key, content]: readonly [string, string]): Buffer =>
  Buffer.concat([text(1, key), text(2, content)]);
const text = (field: number, content: string): Buffer => bytes(field, Buffer.from(content, 'utf8'));
const bytes = (field: number, content: Buffer): Buffer =>
  Buffer.concat([varint(field * 8 + 2), varint(content.byteLength), content]);
const number = (field: number, content: number): Buffer =>
  Buffer.concat([varint(field * 8), varint(content)]);

function varint(content: number): Buffer {
  const out: number[] = [];
  for (let rest = content; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...out, rest]);
    out.push((rest % 128) + 128);
  }
}
