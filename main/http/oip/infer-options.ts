import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { InferMessage, Parameters, WrittenOutput } from './message.ts';

/** The parameters of a request that this server knows; unknown ones are ignored. */
export type InferOptions = {
  /** Labels of each picture, best first. */
  readonly k: number | null;
  readonly priority?: 'interactive' | 'batch';
  /** Milliseconds; the protocol writes microseconds. */
  readonly timeoutMs: number | null;
  /** Outputs in the order in which they were asked for; empty: all. */
  readonly outputs: readonly string[];
  /** Outputs that are wanted as their k best classes. */
  readonly classes: ReadonlyMap<string, number>;
  /** Whether this output goes behind the JSON; the parameter of an output overrides that of the request. */
  readonly isBinary: (output: string) => boolean;
};

/** Fault: `request-malformed`, which names the parameter or output. */
export function readInferOptions({ parameters, outputs }: InferMessage): Outcome<InferOptions> {
  const k = whole(parameters, 'k', 1);
  const priority = whole(parameters, 'priority', 0);
  const timeout = whole(parameters, 'timeout', 0);
  const all = flag(parameters, 'binary_data_output');
  if (!k.ok) return k;
  if (!priority.ok) return priority;
  if (!timeout.ok) return timeout;
  if (!all.ok) return all;
  const asked = readOutputs(outputs);
  if (!asked.ok) return asked;
  const { classes, binary } = asked.value;
  return ok({
    k: k.value,
    // 1 is the highest, 0 is the server's own choice.
    priority: (priority.value ?? 0) > 1 ? 'batch' : undefined,
    timeoutMs: timeout.value ? timeout.value / 1000 : null,
    outputs: outputs.map(({ name }) => name),
    classes,
    isBinary: (output) => binary.get(output) ?? all.value === true,
  });
}

type AskedOutputs = {
  readonly classes: ReadonlyMap<string, number>;
  readonly binary: ReadonlyMap<string, boolean>;
};

function readOutputs(outputs: readonly WrittenOutput[]): Outcome<AskedOutputs> {
  const classes = new Map<string, number>();
  const binary = new Map<string, boolean>();
  const seen = new Set<string>();
  for (const { name, parameters } of outputs) {
    if (seen.has(name)) return malformed(`output ${name.slice(0, 80)}`, 'it is asked for twice');
    seen.add(name);
    if (Object.hasOwn(parameters, 'shared_memory_region'))
      return malformed(`output ${name.slice(0, 80)}`, 'shared memory is not offered here');
    const count = whole(parameters, 'classification', 0);
    const own = flag(parameters, 'binary_data');
    if (!count.ok) return count;
    if (!own.ok) return own;
    if (count.value) classes.set(name, count.value);
    if (own.value !== null) binary.set(name, own.value);
  }
  return ok({ classes, binary });
}

function whole(parameters: Parameters, name: string, least: number): Outcome<number | null> {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined) return ok(null);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least) return ok(number);
  return malformed(`parameter ${name}`, `it is a whole number of at least ${least}`);
}

function flag(parameters: Parameters, name: string): Outcome<boolean | null> {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined || typeof value === 'boolean') return ok(value ?? null);
  return malformed(`parameter ${name}`, 'it is true or false');
}

const malformed = (what: string, reason: string): Outcome<never> =>
  failed('request-malformed', { what, reason });
