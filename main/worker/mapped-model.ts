import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { takeLock } from '../lib/lock.ts';
import { makeFolders } from '../lib/make-folders.ts';
import { sha256Of, sha256OfFile } from '../lib/sha256.ts';

/*
 * The runtime copies the weights of a model into each process, and optimises the graph at each load. Here the optimised graph is
 * saved once, with its weights in a file beside it, which the runtime maps: processes share those pages, and a load takes half the
 * time. It is what a session of the model itself would run, so the answers are the same bits.
 *
 * Such a graph fits one runtime on one kind of processor; both are in the entry's name, with the digest of the model.
 */

export type SessionOptions = InferenceSession.SessionOptions & {
  readonly extra: { readonly session: Readonly<Record<string, unknown>> };
};

const modelName = 'model.onnx';
const weightsName = 'weights.bin';
const sealName = 'seal.json';
const draft = 'draft-';
/** Less is not worth the files. */
const leastBytes = 4 * 1024 ** 2;
const mostBytes = 1024 ** 3;
/** For another process that makes the same entry. */
const waitMs = 30_000;
const unusedMs = 30 * 24 * 3_600_000;

/**
 * The model file to load in place of this one, without optimising it again; made in `folder` where it is not there. Null where
 * there is none: the model is small or has weights in other files, this is not Linux, or the folder cannot be written.
 */
export async function mappedModel(
  modelFile: string,
  folder: string,
  options: SessionOptions,
): Promise<string | null> {
  try {
    const { size } = await stat(modelFile);
    const processor = await processorName();
    if (size < leastBytes || size > mostBytes || processor === null) return null;
    const digest = await digestOfWhole(modelFile);
    if (digest === null) return null;
    const name = sha256Of(JSON.stringify([digest, runtimeVersion(), processor]));
    const entry = path.join(folder, name.slice(name.indexOf(':') + 1));
    if (!(await isIntact(entry)) && !(await makeAlone(modelFile, entry, options))) return null;
    const now = new Date();
    await utimes(path.join(entry, sealName), now, now).catch(() => undefined);
    return path.join(entry, modelName);
  } catch {
    return null;
  }
}

/** Workers that start together want the same entry: one makes it, the others wait. Whether it is there. */
async function makeAlone(modelFile: string, entry: string, options: SessionOptions): Promise<boolean> {
  const folder = path.dirname(entry);
  await makeFolders(folder);
  const release = await takeLock(`${entry}.lock`, waitMs);
  if (!release) return false;
  try {
    if (await isIntact(entry)) return true;
    await rm(entry, { recursive: true, force: true });
    await make(modelFile, entry, options);
    await removeUnused(folder);
    return await isIntact(entry);
  } finally {
    await release();
  }
}

async function make(modelFile: string, entry: string, options: SessionOptions): Promise<void> {
  const made = await mkdtemp(path.join(path.dirname(entry), draft));
  try {
    const session = await InferenceSession.create(modelFile, {
      ...options,
      optimizedModelFilePath: path.join(made, modelName),
      extra: {
        session: {
          ...options.extra.session,
          optimized_model_external_initializers_file_name: weightsName,
          optimized_model_external_initializers_min_size_in_bytes: '1024',
        },
      },
    });
    await session.release();
    await writeFile(path.join(made, sealName), JSON.stringify(await digestsOf(made)));
    await rename(made, entry);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

const digestsOf = (entry: string): Promise<readonly string[]> =>
  Promise.all([modelName, weightsName].map((name) => sha256OfFile(path.join(entry, name))));

/** Whether both files are as they were made. */
async function isIntact(entry: string): Promise<boolean> {
  try {
    const seal = await readFile(path.join(entry, sealName), 'utf8');
    return seal === JSON.stringify(await digestsOf(entry));
  } catch {
    return false;
  }
}

async function removeUnused(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const entry = path.join(folder, name);
    const marked = await stat(name.startsWith(draft) ? entry : path.join(entry, sealName)).catch(() => null);
    if (marked && Date.now() - marked.mtimeMs > unusedMs) await rm(entry, { recursive: true, force: true });
  }
}

const pieceBytes = 1024 ** 2;
/** How a tensor begins to say in which file its values are: the key of the first entry of `external_data`. */
const elsewhere = Buffer.from('\n\u0008location', 'latin1');

/** Null where the model is not whole in this file: its digest would not say what it is. */
async function digestOfWhole(modelFile: string): Promise<string | null> {
  const hash = createHash('sha256');
  const file = await open(modelFile);
  try {
    // Each piece comes behind the end of the one before.
    const overlapBytes = elsewhere.byteLength - 1;
    const buffer = Buffer.alloc(overlapBytes + pieceBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer, overlapBytes, pieceBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(overlapBytes, overlapBytes + bytesRead));
      if (buffer.subarray(0, overlapBytes + bytesRead).includes(elsewhere)) return null;
      buffer.copyWithin(0, bytesRead, bytesRead + overlapBytes);
    }
  } finally {
    await file.close();
  }
}

/** Name and abilities, by which the runtime chooses how weights lie in memory; null where they are not known. */
async function processorName(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const [first = ''] = (await readFile('/proc/cpuinfo', 'utf8')).split('\n\n', 1);
  const lines = first.split('\n').filter((line) => /^(?:model name|flags|Features|CPU part)\s*:/u.test(line));
  return lines.length === 0 ? null : [process.arch, ...lines].join('\n');
}

function runtimeVersion(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  return version;
}
