import type { RunSummary } from '../../../contract/runs/run.ts';
import { columns, printable } from '../paint.ts';

/** What was seen in a run, and why items of it failed, as scripts read it. */
export const summaryRecord = ({
  top,
  empty,
  reviewed,
  duplicates,
  emptyDuplicates,
  reasons,
}: RunSummary) => ({
  labels: top,
  empty,
  reviewed,
  duplicates,
  emptyDuplicates,
  reasons: reasons.map(({ code, count, example }) => ({ code, count, example: example.message })),
});

/** A line for each label and each reason; nothing where there is none of them. */
export function summaryText({ top, empty, duplicates, emptyDuplicates, reasons }: RunSummary): string {
  const without = (count: number, twice: number): string =>
    duplicates === 0 ? '' : `${count - twice} without duplicates`;
  const seen = [
    ...top.map((each) => ({ ...each, label: printable(each.label) })),
    ...(empty > 0 ? [{ label: 'nothing found', count: empty, duplicates: emptyDuplicates }] : []),
  ].map(({ label, count, duplicates: twice }) => [label, String(count), without(count, twice)]);
  const failed = reasons.map(({ code, count, example }) => [code, String(count), printable(example.message)]);
  const parts = [
    ...(duplicates > 0 ? [`${duplicates} with the same content as another`] : []),
    ...(seen.length > 0 ? [`\nSeen\n${columns(seen)}`] : []),
    ...(failed.length > 0 ? [`\nNot answered\n${columns(failed)}`] : []),
  ];
  return parts.map((part) => `${part}\n`).join('');
}
