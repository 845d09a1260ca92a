import { reason } from '../../../contract/faults/reasons.ts';
import type { Reason } from '../../../contract/faults/reasons.ts';
import { readLabelsText } from './labels.ts';

type Metadata = Readonly<Record<string, string>>;
type MetadataLabels = { readonly names: readonly string[] | null; readonly notes: readonly Reason[] };

/** Common metadata keys for labels, lower-case and without separators. */
const keys = ['id2label', 'classnames', 'classlabels', 'labelnames', 'labels', 'classes', 'categories'];
const plainOf = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/gu, '');

/**
 * Labels in a model file's metadata: under `names` as Ultralytics writes them, or under a common key as a JSON or
 * Python list or dictionary, or as text separated by lines or commas. The latter are accepted only if an output has as
 * many values, or if none could hold scores: `counts`, null where the graph leaves the size open.
 */
export function labelsInMetadata(metadata: Metadata, counts: readonly (number | null)[]): MetadataLabels {
  const own = metadata['names'] === undefined ? null : pythonNames(metadata['names']);
  if (own) return { names: own, notes: [] };
  const notes: Reason[] = [];
  for (const wanted of keys)
    for (const [key, text] of Object.entries(metadata)) {
      const names = plainOf(key) === wanted ? readNames(text) : null;
      if (!names) continue;
      if (counts.length === 0 || counts.some((count) => count === null || count === names.length))
        return {
          names,
          notes: [reason('labels-of-metadata', { labels: names.length, key })],
        };
      notes.push(reason('names-of-metadata-unfit', { labels: names.length, key }));
    }
  return { names: null, notes };
}

function readNames(text: string): readonly string[] | null {
  const trimmed = text.trim();
  const isStructured = /^[[({]/u.test(trimmed);
  // A single line is separated by commas.
  const lines = isStructured || trimmed.includes('\n') ? trimmed : trimmed.split(/\s*[,;]\s*/u).join('\n');
  const read = readLabelsText(lines, 'metadata');
  // A single name is more likely a remark; what is not JSON may be a Python literal.
  const names = read.ok && read.value.length > 1 ? read.value.map(({ name }) => name) : null;
  return isStructured && (!read.ok || trimmed.startsWith('('))
    ? (pythonNames(trimmed) ?? pythonList(trimmed))
    : names;
}

/** Parses a Python dictionary such as `{0: 'person', 1: "it's"}`. */
export function pythonNames(text: string): readonly string[] | null {
  const found = [...text.matchAll(/(\d+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/gu)];
  const names: string[] = [];
  for (const [, index, single, double] of found)
    names[Number(index) < 1_000_000 ? Number(index) : 0] = (single ?? double ?? '').replace(/\\(.)/gu, '$1');
  return names.length > 0 && names.length === found.length && !names.includes(undefined as never)
    ? names
    : null;
}

/** Parses a Python list or tuple such as `['person', "it's"]`. */
function pythonList(text: string): readonly string[] | null {
  const name = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`;
  if (!new RegExp(String.raw`^[[(]\s*${name}(?:\s*,\s*${name})*\s*,?\s*[\])]$`, 'u').test(text)) return null;
  return [...text.matchAll(new RegExp(name, 'gu'))].map(([each]) =>
    each.slice(1, -1).replace(/\\(.)/gu, '$1'),
  );
}
