type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};
type Wanted = Readonly<Record<string, string | undefined>>;

/** Reads Prometheus' text format 0.0.4 strictly: throws at what is not as the format says. */
export function parseExposition(text: string) {
  if (!text.endsWith('\n')) throw new Error('the last line must end with a line feed');
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/u.exec(line);
    if (type) {
      if (types.has(type[1] ?? '')) throw new Error(`two types: ${line}`);
      types.set(type[1] ?? '', type[2] ?? '');
    } else if (line !== '' && !/^# HELP [a-zA-Z_:][\w:]* .+$/u.test(line)) {
      const sample = sampleOf(line);
      const key = line.slice(0, line.lastIndexOf(' '));
      if (seen.has(key)) throw new Error(`twice: ${key}`);
      if (!types.has(sample.name) && !types.has(sample.name.replace(/_(?:bucket|sum|count)$/u, '')))
        throw new Error(`no type before: ${line}`);
      seen.add(key);
      samples.push(sample);
    }
  }
  checkHistograms(samples);
  const all = (name: string, wanted: Wanted): Sample[] =>
    samples.filter(
      (one) =>
        one.name === name &&
        Object.entries(wanted).every(([label, value]) => value === undefined || one.labels[label] === value),
    );
  return {
    names: new Set(types.keys()),
    all,
    value: (name: string, wanted: Wanted): number | undefined => all(name, wanted)[0]?.value,
  };
}

function sampleOf(line: string): Sample {
  const whole = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (-?[\d.]+(?:e[+-]?\d+)?|\+Inf|NaN)$/u.exec(line);
  if (!whole) throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  let rest = whole[2] ?? '';
  while (rest !== '') {
    const label = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/u.exec(rest);
    if (!label) throw new Error(`not a label: ${rest}`);
    labels[label[1] ?? ''] = label[2] ?? '';
    rest = rest.slice(label[0].length);
  }
  return { name: whole[1] ?? '', labels, value: Number(whole[3]) };
}

/** Buckets rise, the last one is +Inf and equals the count. */
function checkHistograms(samples: readonly Sample[]): void {
  const before = new Map<string, { value: number; le: string }>();
  for (const { name, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = `${name.replace(/_(?:bucket|count)$/u, '')} ${JSON.stringify(others)}`;
    const last = before.get(key);
    if (le !== undefined) {
      if (last && last.value > value) throw new Error(`a bucket falls: ${key} ${le}`);
      before.set(key, { value, le });
    } else if (name.endsWith('_count') && last && (last.le !== '+Inf' || last.value !== value))
      throw new Error(`count and last bucket differ: ${key}`);
  }
}
