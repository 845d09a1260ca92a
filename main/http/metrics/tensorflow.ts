import { faultTable } from '../../../contract/faults/faults.ts';
import { errorCodeOf } from '../tfserving/index.ts';
import type { Cell } from './counts.ts';
import { counter, histogram } from './family.ts';
import type { Family, Labels, Value } from './family.ts';

const entrypoints: Readonly<Record<string, string>> = { http: 'REST', grpc: 'GRPC' };
const name = (path: string): string => `:tensorflow:serving:${path.replaceAll('/', ':')}`;

/** TensorFlow Serving's metrics under its names, of what came in from other programs. Times in microseconds. */
export function tensorflowFamilies(all: readonly Cell[]): readonly Family[] {
  const cells = all.filter(({ client }) => client in entrypoints);
  const api = ({ model }: Cell): Labels => ({ model_name: model, API: 'Predict' });
  const entered = (cell: Cell): Labels => ({ ...api(cell), entrypoint: entrypoints[cell.client] ?? '' });
  const ran = (cell: Cell): Labels => ({ ...api(cell), runtime: 'ONNX' });
  const model = (cell: Cell): Labels => ({ model_name: cell.model });
  type Kind = keyof Pick<Cell, 'requestMicros' | 'computeMicros' | 'queueMicros' | 'rows' | 'batch'>;
  const observed = (kind: Kind, labels: (cell: Cell) => Labels) => joined(cells, labels, kind);
  return [
    counter(
      name('request_count'),
      'Requests by model and status.',
      summed(cells, (cell) =>
        [...cell.codes].map(([code, value]) => ({
          labels: { ...model(cell), status: statusOf(code) },
          value,
        })),
      ),
    ),
    histogram(name('request_latency'), 'Time of an answer, µs.', observed('requestMicros', entered)),
    histogram(name('runtime_latency'), 'Run of the model, µs.', observed('computeMicros', ran)),
    histogram(name('request_example_counts'), 'Rows of a request.', observed('rows', model)),
    counter(
      name('request_example_count_total'),
      'Rows of all requests.',
      summed(cells, (cell) => [{ labels: model(cell), value: cell.rows.sum }]),
    ),
    histogram(
      name('batching_session/queuing_latency'),
      'Wait before a batch ran, µs.',
      observed('queueMicros', model),
    ),
    counter(
      name('batching_session/wrapped_run_count'),
      'Batches that ran.',
      summed(cells, (cell) => [{ labels: model(cell), value: Math.round(cell.batches) }]),
    ),
    histogram(
      name('batching_session/processed_batch_size'),
      'Rows of the batches that ran.',
      observed('batch', model),
    ),
  ];
}

/** Versions and clients are no labels here: what differs by them alone is added up. */
function summed(cells: readonly Cell[], of: (cell: Cell) => readonly Value[]): readonly Value[] {
  const sums = new Map<string, Value>();
  for (const one of cells.flatMap(of)) {
    const key = JSON.stringify(one.labels);
    sums.set(key, { labels: one.labels, value: (sums.get(key)?.value ?? 0) + one.value });
  }
  return [...sums.values()];
}

function joined(
  cells: readonly Cell[],
  labels: (cell: Cell) => Labels,
  kind: keyof Pick<Cell, 'requestMicros' | 'computeMicros' | 'queueMicros' | 'rows' | 'batch'>,
) {
  const all = new Map<string, { labels: Labels; histogram: Cell['request'] }>();
  for (const cell of cells) {
    const named = labels(cell);
    const key = JSON.stringify(named);
    const { bounds, counts, sum } = cell[kind];
    const there = all.get(key)?.histogram;
    const both = counts.map((here, at) => here + (there?.counts[at] ?? 0));
    all.set(key, { labels: named, histogram: { bounds, counts: both, sum: sum + (there?.sum ?? 0) } });
  }
  return [...all.values()];
}

function statusOf(code: string): string {
  if (code === 'ok') return 'OK';
  return errorCodeOf(isFault(code) ? faultTable[code].http : 500);
}
const isFault = (code: string): code is keyof typeof faultTable => code in faultTable;
