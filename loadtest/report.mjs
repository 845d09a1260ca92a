// The report of a load test: one HTML page that needs nothing from anywhere.
const escaped = (text) =>
  String(text).replace(
    /[&<>"]/gu,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign],
  );
const number = (value, digits = 0) =>
  value === null || value === undefined ? '–' : value.toLocaleString('en', { maximumFractionDigits: digits });

/** `runs`: `{ program, steps, left }`, where `left` says why a program was left out. */
export function reportPage({ address, at, runs, machine }) {
  const slowest = Math.max(1, ...runs.flatMap(({ steps }) => steps.map(({ p99 }) => p99 ?? 0)));
  const parts = runs.map((run) => section(run, slowest)).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Load test of ${escaped(address)}</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a4048); --bar: light-dark(#2b6cb0, #63a4e8); --bad: light-dark(#b42318, #ff8a7a); }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
  th:first-child, td:first-child { text-align: left; }
  .bad { color: var(--bad); font-weight: 600; }
  .bar { display: block; height: .35rem; border-radius: .2rem; background: var(--bar); }
  td.scale { width: 22%; }
</style>
<h1>Load test</h1>
<p>${escaped(address)}, ${escaped(at)}, ${escaped(machine)}. Times in milliseconds, from the first byte sent to the last one received; the program that asks ran on the same computer unless the address says otherwise.</p>
${parts}
</html>
`;
}

function section({ program, steps, left, missing = [] }, slowest) {
  if (left) return `<h2>${escaped(program)}</h2>\n<p>Left out: ${escaped(left)}</p>`;
  const rows = steps.map((step) => row(step, slowest)).join('\n');
  return `<h2>${escaped(program)}</h2>
<table>
<thead><tr><th>Step</th><th>Users</th><th>s</th><th>Answered</th><th>Failed</th><th>of them 503</th><th>Answers/s</th><th>p50</th><th>p90</th><th>p99</th><th>Longest</th><th>p99</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>${missing.length > 0 ? `\n<p class="bad">No sample in ${escaped(missing.join(', '))}</p>` : ''}`;
}

function row(step, slowest) {
  const { name, users, seconds, answered, failed, refused, rate, p50, p90, p99, max } = step;
  const cells = [users, seconds, answered].map((value) => `<td>${number(value, 1)}</td>`).join('');
  const times = [p50, p90, p99, max].map((value) => `<td>${number(value, 1)}</td>`).join('');
  const width = (((p99 ?? 0) / slowest) * 100).toFixed(1);
  return `<tr><td>${escaped(name)}</td>${cells}<td${failed > 0 ? ' class="bad"' : ''}>${number(failed)}</td><td>${number(refused)}</td><td>${number(rate, 1)}</td>${times}<td class="scale"><span class="bar" style="width:${width}%"></span></td></tr>`;
}
