import { basename } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { Labels } from '../../../contract/packs/labels.ts';
import { detail, noTextReason, reason, type Reason } from '../../../contract/faults/reasons.ts';
import { readText } from '../../lib/text.ts';
import type { TextRead } from '../../lib/text.ts';
import { diskFault } from '../disk-fault.ts';

/*
 * Label formats: Outpost's own labels.json; a JSON list of names; a JSON object from index to name, or to [id, name] as
 * in ImageNet's class index; or text, one name per line, optionally with an id and a tab before it.
 */
export async function readLabelsFile(file: string): Promise<Outcome<Labels>> {
  let read: TextRead;
  try {
    read = await readText(file);
  } catch (error) {
    return diskFault(error, file);
  }
  return read.ok ? readLabelsText(read.text, file) : odd(file, noTextReason(read.why));
}

/** The same for text in memory; `file` is its name in faults. */
export function readLabelsText(text: string, file: string): Outcome<Labels> {
  const trimmed = text.trim();
  if (!/^[[{]/u.test(trimmed)) return finish(file, trimmed.split(/\r?\n/u).map(fromLine));
  let json: unknown;
  try {
    json = JSON.parse(trimmed);
  } catch (error) {
    return odd(file, reason('not-json', { detail: detail((error as Error).message) }));
  }
  const own = Labels.safeParse(json);
  if (own.success) return finish(file, own.data);
  if (Array.isArray(json)) return finish(file, json.map(fromEntry));
  const entries = Object.entries(json as object).map(([key, value]) => [Number(key), value] as const);
  entries.sort(([one], [other]) => one - other);
  const astray = entries.findIndex(([index], position) => index !== position);
  if (astray >= 0) return odd(file, reason('no-name-for-index', { index: astray }));
  return finish(
    file,
    entries.map(([, value]) => fromEntry(value)),
  );
}

/** Labels whose ids are their names. */
export const labelsOf = (names: readonly string[]): Labels =>
  names.map((name, index) => ({ index, id: name, name }));

type Named = { readonly id: string; readonly name: string; readonly group?: string };

function fromLine(line: string): Named {
  const [first = '', ...rest] = line.split('\t');
  const name = rest.length > 0 ? rest.join(' ') : first;
  return { id: first.trim(), name: name.trim() };
}

function fromEntry(entry: unknown): Named {
  if (Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'string')
    return { id: entry[0], name: entry[1] };
  return typeof entry === 'string' ? { id: entry, name: entry } : { id: '', name: '' };
}

function finish(file: string, entries: readonly Named[]): Outcome<Labels> {
  const empty = entries.findIndex(({ name }) => name === '');
  if (empty >= 0) return odd(file, reason('entry-without-name', { entry: empty }));
  return ok(
    entries.map(({ id, name, group }, index) => ({
      index,
      id,
      name,
      ...(group === undefined ? {} : { group }),
    })),
  );
}

const odd = (file: string, why: Reason): Outcome<never> =>
  failed('file-unfit', { file: basename(file), reason: why });
