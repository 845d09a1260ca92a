import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { exactNumber } from './messages.ts';
import type { InferParameter, InferParameters, InferRequestedOutput } from './messages.ts';

export type InferOptions = {
  /** Labels of each picture, best first. */
  readonly k: number | null;
  readonly priority?: 'interactive' | 'batch';
  /** Milliseconds; the protocol writes microseconds. */
  readonly timeoutMs: number | null;
};

/** The parameters of a request that this server knows; unknown ones are ignored. Fault: `request-malformed`. */
export function readInferOptions(parameters: InferParameters): Outcome<InferOptions> {
  const k = whole(parameters, 'k', 1);
  const priority = whole(parameters, 'priority', 0);
  const timeout = whole(parameters, 'timeout', 0);
  if (!k.ok) return k;
  if (!priority.ok) return priority;
  if (!timeout.ok) return timeout;
  return ok({
    k: k.value,
    // 1 is the highest, 0 is the server's own choice.
    ...(priority.value !== null && priority.value > 1 && { priority: 'batch' as const }),
    timeoutMs: timeout.value ? timeout.value / 1000 : null,
  });
}

/** Outputs that are wanted as their k best classes, by name. Fault: `request-malformed`. */
export function classifications(
  outputs: readonly InferRequestedOutput[],
): Outcome<ReadonlyMap<string, number>> {
  const wanted = new Map<string, number>();
  for (const { name, parameters } of outputs) {
    const k = whole(parameters, 'classification', 0);
    if (!k.ok) return k;
    if (k.value) wanted.set(name, k.value);
  }
  return ok(wanted);
}

/** A parameter that is a whole number of at least `least`; null when it is not there. */
function whole(parameters: InferParameters, name: string, least: number): Outcome<number | null> {
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (!parameter) return ok(null);
  const value = numberOf(parameter);
  if (value !== null && Number.isSafeInteger(value) && value >= least) return ok(value);
  return failed('request-malformed', {
    what: `parameter ${name}`,
    reason: `it is a whole number of at least ${least}`,
  });
}

function numberOf(parameter: InferParameter): number | null {
  switch (parameter.parameter_choice) {
    case 'int64_param':
      return exactNumber(parameter.int64_param ?? 0);
    case 'uint64_param':
      return exactNumber(parameter.uint64_param ?? 0);
    case 'double_param':
      return parameter.double_param ?? null;
    case 'string_param':
      return parameter.string_param?.trim() ? Number(parameter.string_param) : null;
    default:
      return null;
  }
}
