import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { readInferOptions } from './infer-options.ts';
import type { InferOptions } from './infer-options.ts';
import type { InferMessage } from './message.ts';
import { readInferJson } from './read-json.ts';
import type { JsonRules } from './read-json.ts';

/** The JSON of a request, and what it asks for besides. */
export type Head = { readonly message: InferMessage; readonly options: InferOptions };
/** `tail`: the bytes behind the JSON. Faults as those of `readInferJson` and `readInferOptions`. */
export type ReadHead = (text: Buffer, tail: Buffer) => Outcome<Head>;

const longestHeadBytes = 1024;
const mostHeads = 64;

/** Programs send the same JSON with other tensors behind it again and again: it is read once. */
export function createHeadReader(rules: JsonRules): ReadHead {
  const known = new Map<string, Head>();
  return (text, tail) => {
    if (tail.byteLength === 0 || text.byteLength > longestHeadBytes) return readHead(text, rules);
    const key = text.toString('latin1');
    const same = known.get(key);
    if (same) return ok(same);
    const head = readHead(text, rules);
    if (head.ok && mayComeAgain(head.value.message)) {
      if (known.size >= mostHeads) known.clear();
      known.set(key, head.value);
    }
    return head;
  };
}

function readHead(text: Buffer, rules: JsonRules): Outcome<Head> {
  const message = readInferJson(text, rules);
  return message.ok ? withOptions(message.value) : message;
}

export function withOptions(message: InferMessage): Outcome<Head> {
  const options = readInferOptions(message);
  return options.ok ? ok({ message, options: options.value }) : options;
}

/** Ids and tensors in the text are of one request. */
const mayComeAgain = ({ id, inputs }: InferMessage): boolean =>
  id === null && inputs.every(({ data }) => data === null);
