import path from 'node:path';
import { credentials, loadPackageDefinition, Metadata } from '@grpc/grpc-js';
import type { CallOptions, Client, ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { elementTypes } from '../../../contract/tensors/tensor.ts';
import type { ElementType } from '../../../contract/tensors/tensor.ts';
import { ByteBudget } from '../../../main/http/server/budget/index.ts';
import type { Caller, HttpLimits } from '../../../main/http/server/context.ts';
import { openStatistics } from '../../../main/http/oip/index.ts';
import { openGrpcServer } from '../../../main/http/oip-grpc/index.ts';
import type { GrpcServer, GrpcServerOptions } from '../../../main/http/oip-grpc/index.ts';
import { writeTensorPack } from '../../fixtures/tensor-pack.ts';
import { newFolder } from '../../temp/folder.ts';

export const protoFolder = path.join(import.meta.dirname, '../../fixtures/proto');
export const anyone: Caller = { program: 'loopback', models: null, isControl: true };
export const limits: HttpLimits = {
  maxBodyBytes: 8 * 1024 ** 2,
  maxHeaderBytes: 16 * 1024,
  requestMemoryBytes: null,
  maxTensors: 32,
  maxElements: 1024 ** 2,
  maxJsonDepth: 64,
  timeoutMs: 60_000,
  receiveTimeoutMs: 10_000,
  keepAliveMs: 5_000,
};

/** A server on a port of the system; what it logs is thrown at the test. */
export async function startServer(
  options: Pick<GrpcServerOptions, 'serving'> & Partial<GrpcServerOptions>,
): Promise<GrpcServer> {
  const server = await openGrpcServer({
    statistics: openStatistics(options.serving),
    limits,
    budget: new ByteBudget(Infinity),
    tokens: null,
    anyone,
    bind: '127.0.0.1:0',
    mayAsk: () => null,
    appVersion: '0.1.0',
    log: (_, text) => {
      throw new Error(text);
    },
    ...options,
  });
  if (!server.ok) throw new Error(server.fault.message);
  return server.value;
}

type Message = Readonly<Record<string, unknown>>;
export type TestClient = {
  /** The answer; rejects with the ServiceError. */
  call(method: string, message?: Message, options?: CallOptions & { token?: string }): Promise<Answer>;
  stream(): ClientDuplexStream<Message, Answer>;
  close(): void;
};
// Answers are read by tests alone, which check what is in them.
export type Answer = ReturnType<typeof JSON.parse>;

/** A client made from the published proto files, with 64-bit integers as texts. */
export function connect(address: string, service = 'inference.GRPCInferenceService'): TestClient {
  const definition = loadSync(['grpc_service.proto', 'health.proto'], {
    includeDirs: [protoFolder],
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
  });
  let found: Answer = loadPackageDefinition(definition);
  for (const step of service.split('.')) found = found[step];
  const client: Client & Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = new found(
    address,
    credentials.createInsecure(),
  );
  return {
    call: (method, message = {}, { token, ...options } = {}) =>
      new Promise((resolve, reject) => {
        const metadata = new Metadata();
        if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
        client[method]?.(message, metadata, options, (error: ServiceError | null, answer: Answer) =>
          error ? reject(error) : resolve(answer),
        );
      }),
    stream: () => client.ModelStreamInfer?.() as ClientDuplexStream<Message, Answer>,
    close: () => client.close(),
  };
}

/** Those that have a field in InferTensorContents. */
export const typedTypes = elementTypes.filter((type) => type !== 'float16' && type !== 'bfloat16');

export const echoInput = (type: ElementType): string => `in_${type}`;
export const echoOutput = (type: ElementType): string => `out_${type}`;

/** A folder with the packs of these tests: `echo` hands a table of every element type through, `typed` all but FP16 and BF16, `one` FP32. */
export function writeEchoPacks(types: readonly ElementType[] = elementTypes): string {
  const folder = newFolder('grpc');
  writeEchoPack(folder, 'echo', types);
  writeEchoPack(folder, 'typed', typedTypes);
  writeEchoPack(folder, 'one', ['float32']);
  return folder;
}

function writeEchoPack(folder: string, id: string, types: readonly ElementType[]): void {
  const inputs = types.map((type) => ({ name: echoInput(type), type, shape: ['N', 'M'] }));
  const outputs = types.map((type) => ({ name: echoOutput(type), type, shape: ['N', 'M'] }));
  const nodes = types.map((type) => ({
    op: 'Identity',
    inputs: [echoInput(type)],
    outputs: [echoOutput(type)],
  }));
  writeTensorPack(folder, id, { nodes, inputs, outputs }, { version: '1.2.0' });
}
