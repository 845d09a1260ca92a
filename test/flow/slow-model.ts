import { request } from 'node:http';
import type { Agent } from 'node:http';
import { writeTensorPack } from '../fixtures/tensor-pack.ts';
import { newFolder } from '../temp/folder.ts';
import type { Serve } from './serve-process.ts';

export const side = 768;
type Body = { readonly body: Buffer; readonly header: number };

/** A chain of products that keeps one core busy: `run` stands still for its process all that time, 300 steps for seconds. */
export function slowPacks(steps: number): string {
  const folder = newFolder('slow');
  const nodes = Array.from({ length: steps }, (_, at) => ({
    op: 'MatMul',
    inputs: [at === 0 ? 'x' : `y${at}`, 'x'],
    outputs: [at === steps - 1 ? 'y' : `y${at + 1}`],
  }));
  const square = (name: string) => ({ name, type: 'float32' as const, shape: ['N', 'N'] });
  writeTensorPack(folder, 'slow', { nodes, inputs: [square('x')], outputs: [square('y')] });
  return folder;
}

/** A square of zeros for the model above, as binary tensors. */
export function slowBody(edge = side): Body {
  const json = Buffer.from(
    JSON.stringify({
      inputs: [
        {
          name: 'x',
          datatype: 'FP32',
          shape: [edge, edge],
          parameters: { binary_data_size: edge * edge * 4 },
        },
      ],
      outputs: [{ name: 'y', parameters: { binary_data: true } }],
    }),
  );
  return { body: Buffer.concat([json, Buffer.alloc(edge * edge * 4)]), header: json.byteLength };
}

/** The status, null where the connection broke; each on a connection of its own unless an agent keeps them. */
export function ask(
  { url }: Pick<Serve, 'url'>,
  path: string,
  { sent, agent = false }: { readonly sent?: Body; readonly agent?: Agent | false } = {},
) {
  const begun = performance.now();
  return new Promise<{ status: number | null; ms: number }>((resolve) => {
    const end = (status: number | null): void => resolve({ status, ms: performance.now() - begun });
    const asked = request(`${url}${path}`, {
      method: sent ? 'POST' : 'GET',
      agent,
      ...(sent && {
        headers: {
          'inference-header-content-length': sent.header,
          'content-length': sent.body.byteLength,
        },
      }),
    });
    asked.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => end(answer.statusCode ?? null));
    });
    asked.on('error', () => end(null));
    asked.end(sent?.body);
  });
}
export const askSlow = (serve: Serve, agent: Agent | false = false, sent = slowBody()) =>
  ask(serve, '/v2/models/slow/infer', { sent, agent });
