// JMeter's table of samples (JTL, CSV), folded into the figures of a step. The label of a sample is its step.
/** @returns the steps in the order of `steps`, those with samples only */
export function readJtl(text, steps) {
  const [head = '', ...lines] = text.trim().split(/\r?\n/u);
  const columns = head.split(',');
  const at = (name) => columns.indexOf(name);
  const [elapsed, label, code, success] = ['elapsed', 'label', 'responseCode', 'success'].map(at);
  const byStep = new Map();
  for (const line of lines) {
    const cells = line.split(',');
    const sample = { ms: Number(cells[elapsed]), isGood: cells[success] === 'true', code: cells[code] };
    const known = byStep.get(cells[label]);
    if (known) known.push(sample);
    else byStep.set(cells[label], [sample]);
  }
  return steps.filter(({ name }) => byStep.has(name)).map((step) => figures(step, byStep.get(step.name)));
}

function figures({ name, users, seconds }, samples) {
  const times = samples
    .filter(({ isGood }) => isGood)
    .map(({ ms }) => ms)
    .sort((one, other) => one - other);
  const percentile = (share) => times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? null;
  return {
    name,
    users,
    seconds,
    answered: times.length,
    failed: samples.length - times.length,
    refused: samples.filter(({ code }) => code === '503').length,
    rate: times.length / seconds,
    p50: percentile(0.5),
    p90: percentile(0.9),
    p99: percentile(0.99),
    max: percentile(1),
  };
}
