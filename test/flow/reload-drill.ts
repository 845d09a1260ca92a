import { get } from 'node:http';
import path from 'node:path';
import { expect } from 'vitest';
import { makeVersion } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';

/** Starts a server with version 1.1.0 of the tensor model from a folder of its own, by these options. */
export async function startVersions(options: readonly string[]): Promise<{ serve: Serve; models: string }> {
  const models = newFolder('serve-models');
  makeVersion(path.join(models, 'tensor-demo-1.1.0'), { version: '1.1.0' });
  const serve = await startServe([...options, '--models', models]);
  await serve.until('Ready after');
  expect(await versionOf(serve)).toBe('1001000');
  return { serve, models };
}

/** Reloads with a good version, which answers then, and with a wrong one, which leaves the good one as it was. */
export async function reloadGoodAndWrong(serve: Serve, models: string): Promise<void> {
  makeVersion(path.join(models, 'tensor-demo-1.2.0'), { version: '1.2.0' });
  serve.signal('SIGHUP');
  await serve.until('tensor-demo 1.2.0');
  expect(await versionOf(serve)).toBe('1002000');
  // Its golden samples expect what this graph does not give.
  makeVersion(path.join(models, 'tensor-demo-1.3.0'), {
    version: '1.3.0',
    files: { 'golden/sum.f32': (bytes) => Buffer.alloc(bytes.byteLength, 1) },
  });
  serve.signal('SIGHUP');
  await serve.until('golden-failed');
  await serve.until(/Reloaded: [^\n]*tensor-demo 1\.2\.0[^\n]*\n[^]*Reloaded: [^\n]*tensor-demo 1\.2\.0/u);
  expect(await versionOf(serve)).toBe('1002000');
}

/**
 * The version that answers by default, as a number. Each question has a connection of its own, as a new client has: fetch
 * would take one that a client of the load left open, and whose worker may be at its end.
 */
export async function versionOf(serve: Serve): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    const asked = get(`${serve.url}/v1/models/tensor-demo/metadata`, { agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => (body += part));
      answer.on('end', () => resolve(body));
    });
    asked.on('error', reject);
  });
  return (JSON.parse(text) as { model_spec: { version: string } }).model_spec.version;
}
