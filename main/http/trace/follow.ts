import type { Outcome } from '../../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import type { ClientName, Served } from '../../../contract/serving/serving.ts';
import type { InferResult, Serving } from '../../serving/index.ts';

export type Asked = {
  readonly model: string;
  readonly kind: Served['kind'];
  readonly client: ClientName;
  readonly rows: number;
};
export type Ended = {
  readonly version: string;
  /** `ok` or the fault's code. */
  readonly code: string;
  readonly batchRows: number;
  readonly isCached: boolean;
  readonly queueMs: number;
  readonly runMs: number;
};

/** The same, telling how each thing that is asked ends; `begin` gives null where nobody wants to know. */
export function following(
  serving: Serving,
  begin: (asked: Asked) => ((ended: Ended) => void) | null,
): Serving {
  return {
    ...serving,
    // What is followed takes its time.
    quick: () => null,
    infer: async (request) => {
      const { served, client, tensors } = request;
      const rows = tensors[0]?.dims[0] ?? 1;
      const end = begin({ model: served.id, kind: 'tensor', client, rows });
      const answer = await serving.infer(request);
      end?.({ ...ofTensors(answer), version: served.shownVersion });
      return answer;
    },
    picture: async (request) => {
      const { served, client } = request;
      const end = begin({ model: served.id, kind: 'picture', client, rows: 1 });
      const begun = performance.now();
      const answer = await serving.picture(request);
      end?.(ofPicture(answer, { version: served.shownVersion, tookMs: performance.now() - begun }));
      return answer;
    },
  };
}

const nothingRan = { batchRows: 0, isCached: false, queueMs: 0, runMs: 0 } as const;

function ofTensors(answer: Outcome<InferResult>): Omit<Ended, 'version'> {
  if (!answer.ok) return { ...nothingRan, code: answer.fault.code };
  const { batchRows, queueMs, runMs } = answer.value;
  return { code: 'ok', isCached: false, batchRows, queueMs, runMs };
}

/** A picture's run begins with its decoding; what is left of the time it waited. */
function ofPicture(
  answer: Outcome<PredictionRecord>,
  { version, tookMs }: { readonly version: string; readonly tookMs: number },
): Ended {
  if (!answer.ok) return { ...nothingRan, code: answer.fault.code, version };
  const { cached, decodeMs, runMs, version: answered } = answer.value;
  if (cached) return { ...nothingRan, code: 'ok', isCached: true, version: answered };
  const busyMs = Math.min(tookMs, decodeMs + runMs);
  return {
    code: 'ok',
    version: answered,
    batchRows: 1,
    isCached: false,
    queueMs: tookMs - busyMs,
    runMs: busyMs,
  };
}
