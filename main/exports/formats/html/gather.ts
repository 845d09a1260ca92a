import type { Placed } from '../../../../contract/tasks/index.ts';
import { itemTaskOf } from '../../../../contract/tasks/index.ts';
import { rowOf } from '../../rows.ts';
import type { ExportItem, ExportSource } from '../../types.ts';

/** A photo that stands for its label, with what was found where on it. */
export type Shown = {
  readonly path: string;
  readonly name: string;
  readonly score: number | null;
  readonly confirmed: string | null;
  readonly site: string;
  /** By the camera's clock as it was set right. */
  readonly takenAt: string | null;
  readonly placed: Placed | null;
};
/** Photos of one label: how many, and the strongest of them, best first. */
export type LabelGroup = { readonly label: string; count: number; readonly shown: Shown[] };
export type Gathered = {
  /** By count, the most frequent first. */
  readonly groups: readonly LabelGroup[];
  readonly confirmed: number;
  /** By message: how many photos, and the first names. */
  readonly faults: readonly { readonly message: string; count: number; readonly names: string[] }[];
};

/** Photos that are shown of a label, and names that are listed of a fault. */
const mostShown = 12;
const mostNames = 20;

/** One walk over the run; what is held does not grow with it. */
export async function gather(source: ExportSource, threshold: number | undefined): Promise<Gathered> {
  const groups = new Map<string, LabelGroup>();
  const faults = new Map<string, { message: string; count: number; names: string[] }>();
  let confirmed = 0;
  for await (const item of source.items()) {
    if (item.confirmed) confirmed += 1;
    if (item.fault) {
      const known = faults.get(item.fault.code) ?? { message: messageOf(item), count: 0, names: [] };
      known.count += 1;
      if (known.names.length < mostNames) known.names.push(item.name);
      faults.set(item.fault.code, known);
      continue;
    }
    const shown = shownOf(item, source, threshold);
    const group = groups.get(shown.label) ?? { label: shown.label, count: 0, shown: [] };
    group.count += 1;
    keepStrongest(group.shown, shown);
    groups.set(shown.label, group);
  }
  const byCount = <T extends { readonly count: number }>(all: Iterable<T>): T[] =>
    [...all].sort((a, b) => b.count - a.count);
  return { groups: byCount(groups.values()), confirmed, faults: byCount(faults.values()) };
}

function shownOf(
  item: ExportItem,
  source: ExportSource,
  threshold: number | undefined,
): Shown & { readonly label: string } {
  const { path, name, record } = item;
  const row = rowOf(item, source, { threshold });
  const result = record?.result;
  const task = result && itemTaskOf(result.task);
  return {
    label: String(row['label'] ?? 'empty'),
    path,
    name,
    score: typeof row['score'] === 'number' ? row['score'] : null,
    confirmed: item.confirmed?.label ?? null,
    site: item.deployment.site.name,
    takenAt: item.takenAt,
    placed: (result && task?.placed?.(task.print(result, { threshold }))) ?? null,
  };
}

/** Equal scores stay in the order of the walk. */
function keepStrongest(shown: Shown[], one: Shown): void {
  const score = one.score ?? 0;
  const before = shown.findIndex((each) => (each.score ?? 0) < score);
  shown.splice(before < 0 ? shown.length : before, 0, one);
  if (shown.length > mostShown) shown.pop();
}

/** Without the photo's name, so that photos with one fault are one line. */
const messageOf = ({ fault, path, name }: ExportItem): string =>
  (fault?.message ?? '').replaceAll(path, 'the file').replaceAll(name, 'the file');
