import { fieldsOf } from './descriptor.ts';
import type { MessageName } from './descriptor.ts';
import type { ExternalTensor, Graph, GraphValue, Span } from './graph.ts';
import { readEntry, readOpset, readValue } from './values.ts';
import { Wire, WireError } from './wire.ts';
import type { Source } from './wire.ts';
import { reason } from '../../../contract/faults/reasons.ts';

/** Protobuf's own limit for nesting. */
const deepest = 100;
/** Limit for all parts: far above any real model, and below what a file of empty parts could contain. */
const mostParts = 20_000_000;
/**
 * Limit for nodes and tensors. The runtime allocates a kilobyte for each, so 16 MB of empty ones would exhaust the
 * memory.
 */
const mostHeld = 1_000_000;
const mostNames = 200_000;
const longestText = 16 * 1024 ** 2;
const external = 1;

type Gathered = {
  irVersion: number;
  modelVersion: number;
  readonly texts: Record<string, string>;
  readonly opsets: Map<string, number>;
  readonly metadata: Map<string, string>;
  readonly inputs: GraphValue[];
  readonly outputs: GraphValue[];
  readonly initializers: Set<string>;
  readonly operators: Set<string>;
  readonly external: ExternalTensor[];
  /** The node that computes each value of the main graph. */
  readonly makers: Map<string, Maker>;
  hasGraph: boolean;
};

/** Walks through the whole model once. Throws a WireError for what is not a model. */
export function walkModel(source: Source): Omit<Graph, 'file'> {
  const walker = new Walker(source);
  walker.model();
  const { texts, ...found } = walker.found;
  if (!found.hasGraph) throw new WireError(reason('no-graph'));
  return {
    sizeBytes: source.size,
    irVersion: found.irVersion,
    producer: { name: texts['producer_name'] ?? '', version: texts['producer_version'] ?? '' },
    domain: texts['domain'] ?? '',
    modelVersion: found.modelVersion,
    opsets: Object.fromEntries(found.opsets),
    metadata: Object.fromEntries(found.metadata),
    inputs: found.inputs.filter(({ name }) => !found.initializers.has(name)),
    outputs: found.outputs.map((output) => ({ ...output, madeBy: makerOf(output.name, found.makers) })),
    initializers: found.initializers.size,
    operators: [...found.operators].sort(),
    external: found.external,
  };
}

type Maker = { readonly operator: string; readonly first: string };

/** Operators that change layout or type, not the meaning of values. */
const formOnly =
  /^(?:Identity|Reshape|Flatten|Squeeze|Unsqueeze|Transpose|Cast|QuantizeLinear|DequantizeLinear)$/u;

function makerOf(value: string, makers: ReadonlyMap<string, Maker>): string | null {
  let maker = makers.get(value);
  // The step limit guards against cycles, which are invalid in a graph but possible in a file.
  for (let steps = 0; maker && formOnly.test(maker.operator) && steps < deepest; steps += 1) {
    const before = makers.get(maker.first);
    if (!before) break;
    maker = before;
  }
  return maker?.operator ?? null;
}

class Walker {
  readonly found: Gathered = {
    irVersion: 0,
    modelVersion: 0,
    texts: {},
    opsets: new Map(),
    metadata: new Map(),
    inputs: [],
    outputs: [],
    initializers: new Set(),
    operators: new Set(),
    external: [],
    makers: new Map(),
    hasGraph: false,
  };
  readonly #wire: Wire;
  readonly #size: number;
  #parts = 0;
  #held = 0;

  constructor(source: Source) {
    this.#wire = new Wire(source);
    this.#size = source.size;
  }

  model(): void {
    const { found } = this;
    this.#each('ModelProto', { end: this.#size, depth: 0 }, (field, place) => {
      switch (field) {
        case 'ir_version':
          found.irVersion = place.value;
          return;
        case 'model_version':
          found.modelVersion = place.value;
          return;
        case 'producer_name':
        case 'producer_version':
        case 'domain':
          found.texts[field] = this.#text(place);
          return;
        case 'opset_import':
          found.opsets.set(...readOpset(this.#small(place)));
          return;
        case 'metadata_props':
          found.metadata.set(...readEntry(this.#small(place)));
          return this.#bound(found.metadata.size);
        case 'graph':
          found.hasGraph = true;
          return this.#graph(place, true);
        case 'functions':
          return this.#nodes('FunctionProto', place);
        case 'training_info':
          return this.#each('TrainingInfoProto', place, (_name, inner) => this.#graph(inner, false));
      }
    });
  }

  #graph(place: Place, isOutermost: boolean): void {
    const { found } = this;
    this.#each('GraphProto', place, (field, inner) => {
      switch (field) {
        case 'node':
          return this.#node(inner, isOutermost);
        case 'initializer': {
          const name = this.#tensor(inner);
          if (isOutermost) found.initializers.add(name);
          return;
        }
        case 'sparse_initializer':
          return this.#sparse(inner, isOutermost);
        case 'input':
          if (isOutermost) this.#bound(found.inputs.push(readValue(this.#small(inner))));
          return;
        case 'output':
          if (isOutermost) this.#bound(found.outputs.push(readValue(this.#small(inner))));
          return;
      }
    });
  }

  /** Nodes and default attributes of a function. */
  #nodes(message: 'FunctionProto', place: Place): void {
    this.#each(message, place, (field, inner) => {
      if (field === 'node') this.#node(inner, false);
      else this.#attribute(inner);
    });
  }

  #node(place: Place, isOutermost: boolean): void {
    this.#hold();
    let operator = '';
    let domain = '';
    let first: string | null = null;
    const made: string[] = [];
    this.#each('NodeProto', place, (field, inner) => {
      if (field === 'op_type') operator = this.#text(inner);
      else if (field === 'domain') domain = this.#text(inner);
      else if (field === 'input') {
        if (isOutermost) first ??= this.#text(inner);
      } else if (field === 'output') {
        if (isOutermost) this.#bound(made.push(this.#text(inner)));
      } else this.#attribute(inner);
    });
    const name = domain === '' || domain === 'ai.onnx' ? operator : `${domain}.${operator}`;
    this.found.operators.add(name);
    for (const value of made)
      if (this.found.makers.size < mostNames)
        this.found.makers.set(value, { operator: name, first: first ?? '' });
  }

  #attribute(place: Place): void {
    this.#each('AttributeProto', place, (field, inner) => {
      if (field === 'g' || field === 'graphs') this.#graph(inner, false);
      else if (field === 't' || field === 'tensors') this.#tensor(inner);
      else this.#sparse(inner, false);
    });
  }

  #sparse(place: Place, isInitializer: boolean): void {
    this.#each('SparseTensorProto', place, (field, inner) => {
      const name = this.#tensor(inner);
      // The name of a sparse initializer is that of its values.
      if (isInitializer && field === 'values') this.found.initializers.add(name);
    });
  }

  /** Returns the tensor's name; records the location of external data. */
  #tensor(place: Place): string {
    this.#hold();
    let name = '';
    let isExternal = false;
    const entries: ExternalEntry[] = [];
    this.#each('TensorProto', place, (field, inner) => {
      if (field === 'name') name = this.#text(inner);
      else if (field === 'data_location') isExternal ||= inner.value === external;
      else this.#bound(entries.push(this.#readEntry(inner)));
    });
    // An external location counts even if the tensor does not declare that it uses one.
    if (!isExternal && entries.length === 0) return name;
    const last = (key: string): string | null => entries.findLast((each) => each.key === key)?.value ?? null;
    const locations = entries.filter(({ key }) => key === 'location');
    const [offset, length] = [last('offset'), last('length')];
    for (const { value: location, span } of locations.length > 0 ? locations : [{ value: null, span: null }])
      this.#bound(this.found.external.push({ tensor: name, location, offset, length, span }));
    return name;
  }

  #readEntry(place: Place): ExternalEntry {
    const entry: { -readonly [key in keyof ExternalEntry]: ExternalEntry[key] } = {
      key: '',
      value: '',
      span: null,
    };
    this.#each('StringStringEntryProto', place, (field, inner) => {
      const at = this.#wire.at;
      const text = this.#text(inner);
      if (field === 'key') entry.key = text;
      else [entry.value, entry.span] = [text, { at, end: inner.end }];
    });
    return entry;
  }

  /** Calls `visit` for every field that the descriptor names; skips all others. */
  #each(message: MessageName, { end, depth }: Omit<Place, 'value'>, visit: Visit): void {
    if (depth > deepest) throw new WireError(reason('nested-deeper', { most: deepest }));
    const fields = fieldsOf(message);
    const wire = this.#wire;
    while (wire.at < end) {
      this.#parts += 1;
      if (this.#parts > mostParts) throw new WireError(reason('too-many-parts', { most: mostParts }));
      const tag = wire.varint(end);
      const number = Math.floor(tag / 8);
      if (number === 0) throw new WireError(reason('no-protobuf', { at: wire.at }));
      const field = fields.get(number);
      // A field with an unexpected wire type is treated as unknown, as every protobuf reader does.
      if (!field || tag % 8 !== (field.isNumber ? 0 : 2)) wire.skip(tag % 8, end);
      else if (field.isNumber) visit(field.name, { end, depth: depth + 1, value: wire.varint(end) });
      else {
        const stop = wire.length(end) + wire.at;
        visit(field.name, { end: stop, depth: depth + 1, value: 0 });
        wire.at = stop;
      }
    }
  }

  #text(place: Place): string {
    return Buffer.from(this.#small(place)).toString('utf8');
  }

  #small({ end }: Place): Uint8Array {
    const length = end - this.#wire.at;
    if (length > longestText) throw new WireError(reason('text-too-long', { bytes: length }));
    return this.#wire.bytes(length);
  }

  #hold(): void {
    this.#held += 1;
    if (this.#held > mostHeld) throw new WireError(reason('too-many-nodes', { most: mostHeld }));
  }

  #bound(count: number): void {
    if (count > mostNames) throw new WireError(reason('too-many-names', { most: mostNames }));
  }
}

/** Where a field's content ends; `value` is that of a varint. */
type Place = { readonly end: number; readonly depth: number; readonly value: number };
/** An entry of a tensor's external data, and where its value is in the file. */
type ExternalEntry = { readonly key: string; readonly value: string; readonly span: Span | null };
type Visit = (field: string, place: Place) => void;
