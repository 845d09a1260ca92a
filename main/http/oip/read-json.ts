import { elementTypeOf } from '../../../contract/tensors/datatypes.ts';
import { elementCount } from '../../../contract/tensors/tensor-codec.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import {
  JsonFault,
  NumberReader,
  TextReader,
  documentMembers,
  eachItem,
  isNull,
  membersAt,
  mostTexts,
  parse,
  stringAt,
} from '../tensors/index.ts';
import type { Member, Range } from '../tensors/index.ts';
import type { InferMessage, Parameters, WrittenInput, WrittenOutput } from './message.ts';

/** Of a name, a datatype, an id: they come back in answers and faults. */
const longestText = 1024;
const mostDimensions = 32;
export type JsonRules = {
  readonly maxTensors: number;
  /** Of one tensor. */
  readonly maxElements: number;
  readonly maxJsonDepth: number;
};

/**
 * The JSON of an inference request; tensors are read straight into their bytes. `data` may be nested or flat. A tensor that
 * says `binary_data_size` has none. Fault: `request-malformed`, which names the place and the byte.
 */
export function readInferJson(text: Buffer, rules: JsonRules): Outcome<InferMessage> {
  const reader = new MessageReader(text, rules);
  try {
    return ok(reader.read());
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const reason = `${error.message} (byte ${error.offset})`;
    return failed('request-malformed', { what: reader.place, reason });
  }
}

type Item<T> = { readonly item: T; readonly end: number };

class MessageReader {
  readonly #text: Buffer;
  readonly #rules: JsonRules;
  /** What is being read, for a fault. */
  place = 'The body';

  constructor(text: Buffer, rules: JsonRules) {
    this.#text = text;
    this.#rules = rules;
  }

  read(): InferMessage {
    const members = documentMembers(this.#text);
    const inputs = this.#member(members, 'inputs');
    if (!inputs) throw new JsonFault('inputs are missing', 0);
    const outputs = this.#member(members, 'outputs');
    return {
      id: this.#string(members, 'id', null),
      parameters: this.#parameters(members),
      inputs: this.#list('inputs', inputs, (start, at) => this.#input(start, at)),
      outputs: outputs ? this.#list('outputs', outputs, (start, at) => this.#output(start, at)) : [],
    };
  }

  #list<T>(name: string, range: Range, readItem: (start: number, at: number) => Item<T>): readonly T[] {
    this.place = name;
    if (this.#isNull(range)) return [];
    const read: T[] = [];
    const { maxTensors } = this.#rules;
    eachItem(this.#text, range.start, (start, at) => {
      if (at === maxTensors) throw new JsonFault(`more than ${maxTensors} values`, range.start);
      this.place = `${name}[${at}]`;
      const { item, end } = readItem(start, at);
      read.push(item);
      return end;
    });
    return read;
  }

  #input(start: number, at: number): Item<WrittenInput> {
    const { members, end } = membersAt(this.#text, start);
    const name = this.#string(members, 'name', '');
    const parameters = this.#parameters(members);
    const datatype = this.#string(members, 'datatype', '');
    const shape = this.#shape(members);
    const written = this.#member(members, 'data');
    // kserve writes null beside the size of a tensor that has no elements.
    const data = written && this.#isNull(written) ? null : written;
    this.place = name ? `Input ${name}` : `inputs[${at}]`;
    const isBinary = Object.hasOwn(parameters, 'binary_data_size');
    if (isBinary && data) throw new JsonFault('it has data and binary_data_size', data.start);
    const head = { name, datatype, shape, parameters };
    if (isBinary) return { item: { ...head, data: null }, end };
    if (!data) throw new JsonFault('data is missing', start);
    return { item: { ...head, data: this.#data(data, head) }, end };
  }

  #data(
    range: Range,
    { datatype, shape, parameters }: Pick<WrittenInput, 'datatype' | 'shape' | 'parameters'>,
  ): Uint8Array {
    const type = elementTypeOf(datatype);
    if (type === null)
      throw new JsonFault(`there is no datatype ${datatype || '(none was named)'}`, range.start);
    if (this.#text[range.start] !== 0x5b) throw new JsonFault('data is a list', range.start);
    const { maxElements, maxJsonDepth: maxDepth } = this.#rules;
    const bytesAs = parameters['content_type'] === 'base64' ? 'base64' : 'texts';
    const reader =
      type === 'string'
        ? new TextReader(this.#text, { maxTexts: mostTexts, maxDepth, bytesAs })
        : new NumberReader(this.#text, { type, maxElements, maxDepth });
    const { dims, end } = reader.read(range.start);
    if (end !== range.end) throw new JsonFault('the list does not end where it should', end);
    this.#fit(dims, shape, range);
    return reader.bytes();
  }

  /** Flat with as many values as the shape has, or nested just as it says. */
  #fit(dims: readonly number[], shape: readonly number[], { start }: Range): void {
    const isFlat = dims.length === 1 && dims[0] === elementCount(shape);
    const isSame = dims.length === shape.length && dims.every((size, axis) => size === shape[axis]);
    const areNone = elementCount(shape) === 0 && elementCount(dims) === 0;
    if (!isFlat && !isSame && !areNone)
      throw new JsonFault(`the shape is [${shape.join(', ')}], and the data is [${dims.join(', ')}]`, start);
  }

  #output(start: number, at: number): Item<WrittenOutput> {
    const { members, end } = membersAt(this.#text, start);
    const name = this.#string(members, 'name', null);
    if (name === null) throw new JsonFault(`outputs[${at}] has no name`, start);
    return { item: { name, parameters: this.#parameters(members) }, end };
  }

  #shape(members: readonly Member[]): readonly number[] {
    const range = this.#member(members, 'shape');
    if (!range) throw new JsonFault('shape is missing', members[0]?.start ?? 0);
    const shape = parse(this.#text, range);
    const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
    if (isShape && shape.length > mostDimensions)
      throw new JsonFault(`shape has more than ${mostDimensions} dimensions`, range.start);
    if (!isShape) throw new JsonFault('shape is a list of whole numbers from 0', range.start);
    return shape as readonly number[];
  }

  #parameters(members: readonly Member[]): Parameters {
    const range = this.#member(members, 'parameters');
    if (!range || this.#isNull(range)) return {};
    const value = parse(this.#text, range);
    const isFlat =
      typeof value === 'object' &&
      !Array.isArray(value) &&
      value !== null &&
      Object.values(value).every((each) => ['string', 'number', 'boolean'].includes(typeof each));
    if (!isFlat)
      throw new JsonFault('parameters are names with a text, a number, true or false', range.start);
    return value as Parameters;
  }

  #string<T>(members: readonly Member[], key: string, without: T): string | T {
    const range = this.#member(members, key);
    if (!range || this.#isNull(range)) return without;
    if (range.end - range.start > longestText)
      throw new JsonFault(`${key} is longer than ${longestText} bytes`, range.start);
    if (this.#text[range.start] !== 0x22) throw new JsonFault(`${key} is a text`, range.start);
    return stringAt(this.#text, range);
  }

  #isNull({ start, end }: Range): boolean {
    return end - start === 4 && isNull(this.#text, start);
  }

  #member(members: readonly Member[], key: string): Member | null {
    const all = members.filter((member) => member.key === key);
    if (all.length > 1) throw new JsonFault(`${key} is there twice`, all[1]!.start);
    return all[0] ?? null;
  }
}
