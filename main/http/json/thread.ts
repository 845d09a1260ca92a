import { parentPort } from 'node:worker_threads';
import { readInferJson } from '../oip/read-json.ts';
import type { JsonRules } from '../oip/read-json.ts';

/* A thread that reads large JSON: a text comes, its message with the bytes of its tensors goes back, moved and not copied. */
parentPort?.on('message', ({ text, rules }: { readonly text: Uint8Array; readonly rules: JsonRules }) => {
  const outcome = readInferJson(Buffer.from(text.buffer, text.byteOffset, text.byteLength), rules);
  const buffers = outcome.ok
    ? outcome.value.inputs.flatMap(({ data }) =>
        data && data.buffer.byteLength > 0 ? [data.buffer as ArrayBuffer] : [],
      )
    : [];
  parentPort?.postMessage(
    outcome,
    [...new Set(buffers)].filter((buffer) => buffer !== text.buffer),
  );
});
