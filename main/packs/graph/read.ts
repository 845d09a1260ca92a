import { basename } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import { irregularKind } from '../../lib/regular-file.ts';
import { diskFault } from '../disk-fault.ts';
import type { Graph } from './graph.ts';
import { bytesSource, fileSource, WireError } from './wire.ts';
import type { Source } from './wire.ts';
import { walkModel } from './walk.ts';

/** Protobuf's limit for a message. */
const limit = 2 ** 31 - 1;

/**
 * Reads a model file's description from its protobuf alone; the model is never loaded. `name` is its name in faults.
 */
export async function readGraph(
  model: string | Uint8Array,
  name: string = typeof model === 'string' ? basename(model) : 'model',
): Promise<Outcome<Graph>> {
  let source: Source;
  try {
    const other = typeof model === 'string' ? irregularKind(model) : null;
    if (other !== null) return unreadable(name, reason(`is-${other}`));
    source = typeof model === 'string' ? fileSource(model) : bytesSource(model);
  } catch (error) {
    return diskFault(error, name);
  }
  try {
    if (source.size > limit) return unreadable(name, reason('model-too-large', { size: source.size, limit }));
    if (source.size === 0) return unreadable(name, reason('is-empty'));
    return ok({ file: name, ...walkModel(source) });
  } catch (error) {
    if (error instanceof WireError) return unreadable(name, error.why);
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return diskFault(error, name);
  } finally {
    source.close();
  }
}

const unreadable = (file: string, why: Reason): Outcome<never> =>
  failed('onnx-unreadable', { file, reason: why });
