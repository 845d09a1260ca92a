import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { GoldenSet } from '../../contract/packs/manifest.ts';
import { Labels } from '../../contract/packs/labels.ts';
import { detail, reason, reasonAt, type Reason } from '../../contract/faults/reasons.ts';
import { taskOf } from '../../contract/tasks/index.ts';
import type { z } from 'zod';
import type { Pack } from './types.ts';
import { describeIssues } from './issues.ts';
import { readPlainFile } from './plain-file.ts';
import { unreadFault } from './verify.ts';

const limit = 64 * 1024 ** 2;

/** The pack's labels, one for each score; none when the manifest names no labels file. */
export async function readLabels(pack: Pack): Promise<Outcome<Labels>> {
  const path = pack.manifest.labels;
  if (path === undefined) return ok([]);
  const labels = await readJson(pack, path, Labels);
  if (!labels.ok) return labels;
  const astray = labels.value.findIndex(({ index }, position) => index !== position);
  if (astray >= 0)
    return invalid(
      pack,
      reason('entry-index', { file: path, entry: astray, index: labels.value[astray]?.index ?? -1 }),
    );
  const { manifest } = pack;
  const labelled = taskOf(manifest.task).labelled(manifest, manifest.outputs);
  return labelled !== null && labelled.count !== labels.value.length
    ? invalid(
        pack,
        reason('labels-unlike-output', {
          file: path,
          labels: labels.value.length,
          output: labelled.output,
          values: labelled.count,
        }),
      )
    : labels;
}

/** The pack's golden set, whose files must all be listed in the manifest; null when there is none. */
export async function readGolden(pack: Pack): Promise<Outcome<GoldenSet | null>> {
  const path = pack.manifest.golden;
  if (path === undefined) return ok(null);
  const golden = await readJson(pack, path, GoldenSet);
  if (!golden.ok) return golden;
  const listed = new Set(pack.manifest.files.map((file) => file.path));
  const named = golden.value.cases.flatMap((each) =>
    'file' in each ? [each.file] : [...each.inputs, ...each.outputs].map(({ file }) => file),
  );
  const unlisted = named.find((file) => !listed.has(file));
  return unlisted === undefined
    ? golden
    : invalid(pack, reasonAt(path, reason('not-among-files', { file: unlisted })));
}

/** The model card as Markdown; empty when there is none or its digest does not match. */
export async function readModelCard(pack: Pack): Promise<string> {
  const path = pack.manifest.card;
  if (path === undefined) return '';
  const read = await readListed(pack, path);
  return read.ok ? read.value.toString('utf8') : '';
}

async function readJson<T>(pack: Pack, path: string, schema: z.ZodType<T>): Promise<Outcome<T>> {
  const read = await readListed(pack, path);
  if (!read.ok) return read;
  let raw: unknown;
  try {
    raw = JSON.parse(read.value.toString('utf8'));
  } catch (error) {
    return invalid(pack, reason('not-json-file', { file: path, detail: detail((error as Error).message) }));
  }
  const parsed = schema.safeParse(raw);
  return parsed.success
    ? ok(parsed.data)
    : invalid(pack, reasonAt(path, detail(describeIssues(parsed.error))));
}

/** Reads a listed file and verifies its digest: the bytes that are parsed are those that were verified. */
async function readListed(pack: Pack, path: string): Promise<Outcome<Buffer>> {
  const file = pack.manifest.files.find((each) => each.path === path);
  if (!file) return invalid(pack, reason('not-among-files', { file: path }));
  if (file.size > limit)
    return invalid(pack, reason('too-many-bytes', { file: path, size: file.size, limit }));
  const read = await readPlainFile(pack.folder, path, file.size);
  if (!read.ok) return { ok: false, fault: unreadFault(pack.ref, file, read.why) };
  if (read.bytes.byteLength !== file.size) {
    return { ok: false, fault: unreadFault(pack.ref, file, { kind: 'size', size: read.bytes.byteLength }) };
  }
  return read.sha256 === file.sha256
    ? ok(read.bytes)
    : failed('pack-file-digest', { pack: pack.ref, file: path });
}

const invalid = (pack: Pack, why: Reason): Outcome<never> =>
  failed('pack-manifest-invalid', { pack: pack.ref, reason: why });
