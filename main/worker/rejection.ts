import { failed, type Outcome } from '../../contract/faults/faults.ts';
import { reason, type Reason } from '../../contract/faults/reasons.ts';
import { runtimeReason, runtimeWhy } from './runtime-errors.ts';

/** The newest models that the ONNX Runtime of this Outpost takes; test/worker/rejection asks it. */
export const newest = { ir: 13, opset: 26 };

/** Why the runtime refuses a model, with a way on for whoever made it and for whoever only has it. */
export function rejection(error: unknown, file: string): Outcome<never> {
  const text = runtimeReason(error).replace(/\.+$/u, '');
  const advice = tooNew(text) ?? unknownOperator(text) ?? reason('check-and-export');
  return failed('model-rejected', { file, reason: runtimeWhy(error), advice });
}

function tooNew(text: string): Reason | null {
  const ir = /max supported IR version: (\d+)/iu.exec(text)?.[1];
  const [, domain = 'ai.onnx', opset] =
    /official support for domain (\S+) is till opset (\d+)/iu.exec(text) ?? [];
  if (ir === undefined && opset === undefined) return null;
  const most =
    domain === 'ai.onnx'
      ? reason('opset-and-ir', { opset: opset ?? String(newest.opset), ir: ir ?? String(newest.ir) })
      : reason('domain-opset-and-ir', {
          version: String(opset),
          domain,
          opset: newest.opset,
          ir: newest.ir,
        });
  return reason('export-older', { most });
}

function unknownOperator(text: string): Reason | null {
  const custom = /(\S+?)(?:\(-?\d+\))? is not a registered function\/op/u.exec(text)?.[1];
  if (custom !== undefined) return reason('custom-operator', { operator: custom });
  const unregistered = /No Op registered for (\S+) with domain_version of (\d+)/u.exec(text);
  if (unregistered)
    return reason('operator-not-in-opset', {
      operator: String(unregistered[1]),
      opset: String(unregistered[2]),
      most: newest.opset,
    });
  const bare = /Could not find an implementation for (\S+?)(?:\(-?\d+\))? node/u.exec(text)?.[1];
  return bare === undefined ? null : reason('operator-not-for-types', { operator: bare });
}
