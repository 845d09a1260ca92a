import type { FromWorker } from '../../contract/wire.ts';
import type { Decoder } from './decoder.ts';
import { handleMessages } from './handle-messages.ts';
import type { MessageHandler } from './handle-messages.ts';
import { openDecoder } from './picture-decoder.ts';

/**
 * Runners for models in this very process, each with a model of its own and all with one decoder. They take and give the
 * messages that a worker process takes and gives; main/worker/process.ts is the other host.
 */
export function createRunners(): (
  send: (message: FromWorker, blobs?: readonly Uint8Array[]) => void,
  onDrained: () => void,
) => MessageHandler {
  let decoder: Promise<Decoder> | null = null;
  const theDecoder = (): Promise<Decoder> => (decoder ??= openDecoder());
  return (send, onDrained) => handleMessages(theDecoder, send, onDrained);
}
