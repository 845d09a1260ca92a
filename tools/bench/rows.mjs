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

export const round = (value) => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(4)));

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function tableOf(rows) {
  const cells = rows.map((row) => [
    row.name,
    `${row.value} ${row.unit}`.trim(),
    `${row.kind} ${row.bar} ${row.unit}`.trim(),
    row.holds ? 'holds' : 'FALLS SHORT',
  ]);
  const all = [['what', 'measured', 'bar', ''], ...cells];
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

/** What `--json` writes. */
export const jsonOf = (rows) =>
  `${JSON.stringify({ rows: rows.map(({ name, value, unit, bar, holds }) => ({ name, value, unit, bar, holds })) }, null, 2)}\n`;
