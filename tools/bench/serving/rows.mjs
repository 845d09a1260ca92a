import { atLeast, atMost, leftOut, median, measured } from '../rows.mjs';

/** Bars by what Outpost is divided by. */
const tiny = { tinyJson4: 'tiny JSON, 4 connections', tinyJson16: 'tiny JSON, 16 connections' };
const tensors = {
  ...tiny,
  tinyBinary4: 'tiny binary, 4 connections',
  tinyBinary16: 'tiny binary, 16 connections',
  pixelsBinary: 'image tensor, binary',
  pixelsJson: 'image tensor as JSON',
};
const exact = { exact2: 'JPEG 2 MP, exact', exact12: 'JPEG 12 MP, exact' };
const fast = { fast2: 'JPEG 2 MP, fast', fast12: 'JPEG 12 MP, fast' };

/** The table of `npm run bench:serving`; what could not be measured is in it by name, what was not asked for is not. */
export function rowsOf({ figures, firstStartMs, memory, limits, hasPython }) {
  const rows = [];
  const ratio = (scenario, name, { other, bar, of = 'perSecond', kind = atLeast }) => {
    if (!figures[scenario]) return;
    const [ours, theirs] = [figures[scenario].outpost, figures[scenario][other]];
    if (!theirs) return void rows.push(leftOut(name, 'it could not be set up here', { bar, unit: '×' }));
    // Ratios within a round: its figures saw the same load of the machine.
    const value = median(ours.map((each, round) => each[of] / theirs[round][of]));
    rows.push(kind(name, value, { bar, unit: '×' }));
  };
  for (const [scenario, name] of Object.entries(tensors))
    ratio(scenario, `${name} ÷ bare pre-fork`, { other: 'ceiling', bar: 0.85 });
  for (const [scenario, name] of Object.entries({ ...exact, ...fast }))
    ratio(scenario, `${name} ÷ bare pre-fork`, { other: 'ceiling', bar: 0.95 });
  ratio('pixelsBinary', 'image tensor, binary ÷ bare session loop', { other: 'loop', bar: 0.85 });
  for (const [scenario, name] of Object.entries(tiny)) {
    ratio(scenario, `${name} ÷ gunicorn + Flask, fair`, { other: 'flask', bar: 5 });
    ratio(scenario, `${name} ÷ FastAPI`, { other: 'fastapi', bar: 3 });
  }
  const p99 = { other: 'flask', of: 'p99', kind: atMost };
  ratio('exact2', 'JPEG 2 MP, exact ÷ gunicorn + Flask, fair', { other: 'flask', bar: 1.1 });
  ratio('exact2', 'JPEG 2 MP, exact, p99 ÷ gunicorn + Flask, fair', { ...p99, bar: 1 });
  ratio('exact12', 'JPEG 12 MP, exact ÷ gunicorn + Flask, fair', { other: 'flask', bar: 1.5 });
  ratio('exact12', 'JPEG 12 MP, exact, p99 ÷ gunicorn + Flask, fair', { ...p99, bar: 0.8 });
  ratio('fast2', 'JPEG 2 MP, fast ÷ Pillow draft, fair', { other: 'flask', bar: 0.95 });
  ratio('fast12', 'JPEG 12 MP, fast ÷ Pillow draft, fair', { other: 'flask', bar: 1.1 });
  if (hasPython)
    for (const [scenario, name] of Object.entries(exact)) {
      ratio(scenario, `${name} ÷ gunicorn + Flask as it comes`, { other: 'flaskPlain', kind: measured });
      ratio(scenario, `${name} ÷ FastAPI`, { other: 'fastapi', kind: measured });
    }
  if (hasPython)
    for (const [scenario, name] of Object.entries({ ...exact, ...tiny })) {
      ratio(scenario, `${name} ÷ LitServe`, { other: 'litserve', kind: measured });
      ratio(scenario, `${name} ÷ MLServer`, { other: 'mlserver', kind: measured });
    }
  if (memory) rows.push(...startRows(memory, firstStartMs));
  return [...rows, ...limits];
}

function startRows(memory, firstStartMs) {
  return [
    atMost('start to the first good photo, models proved before', memory.startMs / 1000, {
      bar: 1.5,
      unit: 's',
    }),
    measured('… the first start, with the proof', firstStartMs / 1000, { unit: 's' }),
    atMost('memory of the tree, photo model, under 12 MP', memory.peakMib, { bar: 400, unit: 'MiB' }),
    memory.growth === null
      ? leftOut('… after minutes ÷ at their start', 'ask with --soak 10', { bar: 1.05, unit: '×' })
      : atMost('… after minutes ÷ at their start', memory.growth, { bar: 1.05, unit: '×' }),
  ];
}
