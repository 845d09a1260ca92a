import { failed, type Outcome } from '../../contract/faults.ts';
import { runtimeReason } from './runtime-words.ts';

/** The newest models that the ONNX Runtime of this Outpost takes; test/worker/rejection asks it. */
export const newest = { ir: 13, opset: 26 };

/** Why the runtime refuses a model, with a way on for whoever made it and for whoever only has it. */
export function rejection(error: unknown, file: string): Outcome<never> {
  const reason = runtimeReason(error).replace(/\.+$/u, '');
  const advice =
    tooNew(reason) ??
    unknownOperator(reason) ??
    'Check the model with ONNX Runtime where it was exported and export it again, or use another variant or version of it.';
  return failed('model-rejected', { file, reason, advice });
}

function tooNew(reason: string): string | null {
  const ir = /max supported IR version: (\d+)/iu.exec(reason)?.[1];
  const [, domain = 'ai.onnx', opset] =
    /official support for domain (\S+) is till opset (\d+)/iu.exec(reason) ?? [];
  if (ir === undefined && opset === undefined) return null;
  const most =
    domain === 'ai.onnx'
      ? `opset ${opset ?? newest.opset} and IR version ${ir ?? newest.ir}`
      : `version ${opset} of ${domain}, opset ${newest.opset} and IR version ${newest.ir}`;
  return `Export the model, or have it exported, with ${most} or below: the ONNX Runtime of this Outpost takes nothing newer.`;
}

function unknownOperator(reason: string): string | null {
  const custom = /(\S+?)(?:\(-?\d+\))? is not a registered function\/op/u.exec(reason)?.[1];
  if (custom !== undefined)
    return `Custom operators are not carried, and ${custom} is none that ONNX Runtime has: export the model, or have it exported, with operators of ONNX alone.`;
  const unregistered = /No Op registered for (\S+) with domain_version of (\d+)/u.exec(reason);
  if (unregistered)
    return `ONNX Runtime has no ${unregistered[1]} in opset ${unregistered[2]}, which the model names: export the model, or have it exported, with another opset (${newest.opset} at most) or with operators of ONNX alone.`;
  const bare = /Could not find an implementation for (\S+?)(?:\(-?\d+\))? node/u.exec(reason)?.[1];
  return bare === undefined
    ? null
    : `ONNX Runtime has no ${bare} for these element types: export the model, or have it exported, with others, as float32.`;
}
