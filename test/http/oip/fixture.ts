import { root } from '../../fakes/engine.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { startCore } from '../server/fixture.ts';
import { writeEchoPacks } from '../oip-grpc/fixture.ts';

// Answers are read by tests alone, which check what is in them.
type Json = ReturnType<typeof JSON.parse>;
export type OipServer = {
  readonly url: string;
  readonly test: TestServing;
  close(): Promise<void>;
};

/** The whole server with the shipped models, `echo` (in_<type> to out_<type>, [N, M]) and `one` (FP32 alone). */
export async function startOip(isControl = true): Promise<OipServer> {
  const packs = writeEchoPacks();
  const test = await openTestServing({ engine: { modelFolders: [`${root}/models`, packs] } });
  const core = await startCore(test, { anyone: { program: 'loopback', models: null, isControl } });
  return {
    url: core.url,
    test,
    close: async () => {
      await core.close();
      await test.close();
    },
  };
}

export type Answer = { readonly status: number; readonly bytes: Buffer; readonly headers: Headers };

export async function get(url: string): Promise<Answer> {
  return answerOf(await fetch(url));
}

/** Posts JSON text or a value; with `tail` as the binary extension has it. */
export async function post(url: string, body: unknown, tail?: Uint8Array): Promise<Answer> {
  const json = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  if (!tail) return answerOf(await fetch(url, { method: 'POST', body: json }));
  const headers = { 'inference-header-content-length': String(json.byteLength) };
  return answerOf(await fetch(url, { method: 'POST', headers, body: Buffer.concat([json, tail]) }));
}

export async function answerOf(response: Response): Promise<Answer> {
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, bytes, headers: response.headers };
}

/** The JSON of an answer, without what stands behind it. */
export function jsonOf({ bytes, headers }: Answer): Json {
  const length = headers.get('inference-header-content-length');
  return JSON.parse(bytes.toString('utf8', 0, length === null ? bytes.byteLength : Number(length))) as Json;
}

/** What stands behind the JSON of an answer. */
export function tailOf({ bytes, headers }: Answer): Buffer {
  return bytes.subarray(Number(headers.get('inference-header-content-length') ?? bytes.byteLength));
}

export const errorOf = (answer: Answer): string => String(jsonOf(answer).error);
