import path from 'node:path';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { root } from '../../setup/paths.mjs';

const protocol = path.join(root, 'test', 'fixtures', 'proto', 'grpc_service.proto');

/** Calls a second over one channel with so many of the tiny model under way. */
export async function askOverOneChannel({ port, calls, seconds }) {
  const { inference } = loadPackageDefinition(
    loadSync(protocol, { keepCase: true, includeDirs: [path.dirname(protocol)] }),
  );
  const client = new inference.GRPCInferenceService(`127.0.0.1:${port}`, credentials.createInsecure());
  const request = {
    model_name: 'tiny',
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4] }],
    raw_input_contents: [Buffer.from(Float32Array.of(1.5, 2.25, 3.125, 4).buffer)],
  };
  const call = () =>
    new Promise((resolve, reject) =>
      client.ModelInfer(request, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
  try {
    for (let at = 0; at < 200; at += 1) await call();
    let answered = 0;
    const begun = performance.now();
    const isOver = () => performance.now() - begun > 1000 * seconds;
    await Promise.all(
      Array.from({ length: calls }, async () => {
        for (; !isOver(); answered += 1) await call();
      }),
    );
    return (1000 * answered) / (performance.now() - begun);
  } finally {
    client.close();
  }
}
