/** A measured row. `bar` is a bound of the kind that `atMost` or `atLeast` gives. */
export const atMost = (name, value, { bar, unit }) => ({
  name,
  value: round(value),
  unit,
  bar,
  holds: value <= bar,
  kind: '≤',
});
export const atLeast = (name, value, { bar, unit }) => ({
  name,
  value: round(value),
  unit,
  bar,
  holds: value >= bar,
  kind: '≥',
});

/** A figure that nothing is asked of. */
export const measured = (name, value, { unit }) => ({
  name,
  value: round(value),
  unit,
  bar: null,
  holds: null,
});
/** A row that this run has no figure for, with the reason. */
export const leftOut = (name, why, { bar, unit }) => ({ name, value: null, unit, bar, holds: null, why });

export const round = (value) => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(4)));

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const head = ['what', 'measured', 'bar', ''];
const cellsOf = ({ name, value, unit, bar, holds, kind, why }) => [
  name,
  value === null ? '–' : `${value} ${unit}`.trim(),
  bar === null || kind === undefined ? '' : `${kind} ${bar} ${unit}`.trim(),
  why ? `left out: ${why}` : holds === null ? '' : holds ? 'holds' : 'FALLS SHORT',
];

export function tableOf(rows) {
  const all = [head, ...rows.map(cellsOf)];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same as a table of Markdown; what falls short is bold. */
export function markdownOf(rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const marked = (cells, { holds }) => (holds === false ? [...cells.slice(0, 3), '**falls short**'] : cells);
  return [
    line(head),
    '| --- | --: | --: | --- |',
    ...rows.map((row) => line(marked(cellsOf(row), row))),
  ].join('\n');
}

/** What `--json` writes. */
export const jsonOf = (rows) =>
  `${JSON.stringify({ rows: rows.map(({ name, value, unit, bar, holds }) => ({ name, value, unit, bar, holds })) }, null, 2)}\n`;
