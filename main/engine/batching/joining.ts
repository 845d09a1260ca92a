import type { JoinVerdict } from '../../../contract/serving/joining.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import { availableMemoryBytes } from '../../lib/capacity.ts';
import type { Store } from '../../store/index.ts';
import { goldenDevice } from '../golden/index.ts';
import type { Plan } from '../plan.ts';
import type { TrialParts } from '../golden/index.ts';
import { largestRowBytes, rowBytes, tryJoining, makeRowsOf } from './proof/index.ts';
import type { Specimen } from './proof/index.ts';

/*
 * What is known of one pack, variant and provider on this machine.
 *
 *   unread ──read──> open ──two requests at a time──> being proved ──> joinable | mixed | unproved
 *      │              ^ └──────────no memory, worker lost──────┘             │ a batch with other rows
 *      └──read────────┼─────────────────────────────────────────────────────>└──> row-count
 */
type Entry = {
  verdict: JoinVerdict | null;
  reading: Promise<void> | null;
  isRead: boolean;
  /** Requests in flight that run unmerged. */
  alone: number;
  /** Two requests overlapped, so merging would pay off: prove it when idle. */
  isWanted: boolean;
  /** Names, types and shapes of an accepted request; null before the first one. */
  like: Specimen | null;
  /** Rows sampled from requests of one layout, as input for the proof. */
  readonly seen: Specimen[];
  isProving: boolean;
  tries: number;
};

export type Joining = {
  /** Loads the stored verdict for this plan; undefined when it was loaded before. */
  read(plan: Plan): Promise<void> | undefined;
  /** Whether rows of different requests may run together. `isDeclared`: the manifest or the batching parameters say so. */
  mayJoin(plan: Plan, isDeclared: boolean): boolean;
  /**
   * Counts a request that runs unmerged because there is no verdict yet; two at once schedule a proof. Call the
   * returned function when it ends: only accepted requests show what the model takes.
   */
  alone(plan: Plan, tensors: readonly TensorBytes[]): (isAnswered: boolean) => void;
  /** A batch came back with another number of rows than went in: from now on requests run alone, even where batching is declared. */
  refute(plan: Plan, reason: string): void;
  close(): Promise<void>;
};

const mostSeen = 4;
const mostSeenBytes = 1024 ** 2;
/** Inconclusive proofs of one model per process, after which it is no longer tried. */
const mostTries = 3;
const spareBytes = 256 * 1024 ** 2;

export function createJoining(parts: TrialParts & { readonly store: Store }): Joining {
  const { store, ports } = parts;
  const device = goldenDevice(ports);
  const entries = new Map<string, Entry>();
  const ofPlan = new WeakMap<Plan, Entry>();
  const closing = new AbortController();
  /** One proof at a time: they take a core each. */
  let queue: Promise<void> = Promise.resolve();

  const entryOf = (plan: Plan): Entry => {
    const known = ofPlan.get(plan);
    if (known) return known;
    const key = keyOf(plan);
    const made: Entry = entries.get(key) ?? {
      verdict: null,
      reading: null,
      isRead: false,
      alone: 0,
      isWanted: false,
      like: null,
      seen: [],
      isProving: false,
      tries: 0,
    };
    entries.set(key, made);
    ofPlan.set(plan, made);
    return made;
  };
  const decide = (plan: Plan, verdict: JoinVerdict): void => {
    entryOf(plan).verdict = verdict;
    entryOf(plan).seen.length = 0;
    // An inconclusive proof is not stored: the next process may have the memory for it.
    if (verdict.kind !== 'unproved') store.saveJoining(device, keyOf(plan), verdict);
  };
  const prove = async (plan: Plan, like: Specimen): Promise<void> => {
    const entry = entryOf(plan);
    if (closing.signal.aborted || entry.verdict) return;
    entry.tries += 1;
    // The proof loads a second copy of the model, which must fit beside the serving one.
    if (availableMemoryBytes() < 2 * plan.pack.sizeBytes + spareBytes) return;
    const proof = await tryJoining(parts, plan, { like, seen: entry.seen, signal: closing.signal });
    if (proof === null || closing.signal.aborted || entry.verdict) return;
    decide(plan, { ...proof, at: new Date().toISOString() });
    const { ref } = plan.pack;
    ports.log(
      'info',
      proof.kind === 'joinable'
        ? `${ref}: rows of different requests run together; two together gave what each gives alone`
        : `${ref}: each request runs by itself; ${proof.reason}`,
    );
  };

  return {
    read: (plan) => {
      const entry = entryOf(plan);
      if (entry.isRead) return undefined;
      return (entry.reading ??= store.joining(device, keyOf(plan)).then((verdict) => {
        entry.verdict ??= verdict;
        entry.isRead = true;
      }));
    },
    mayJoin: (plan, isDeclared) => {
      const kind = entryOf(plan).verdict?.kind;
      return kind !== 'row-count' && (isDeclared || kind === 'joinable');
    },
    alone: (plan, tensors) => {
      const entry = entryOf(plan);
      entry.alone += 1;
      entry.isWanted ||= entry.alone > 1;
      return (isAnswered) => {
        entry.alone -= 1;
        if (isAnswered && !entry.verdict && rowBytes(tensors) <= largestRowBytes) {
          see(entry, tensors);
          entry.like = tensors.map((tensor) => ({ ...tensor, data: new Uint8Array() }));
        }
        const { like } = entry;
        if (!entry.isWanted || !like || entry.verdict || entry.isProving || entry.tries >= mostTries) return;
        entry.isProving = true;
        queue = queue
          .then(() => prove(plan, like))
          .catch((error: unknown) => ports.log('error', `joining ${plan.pack.ref}: ${String(error)}`))
          .finally(() => (entry.isProving = false));
      };
    },
    refute: (plan, reason) => {
      if (entryOf(plan).verdict?.kind === 'row-count') return;
      decide(plan, { kind: 'row-count', reason, at: new Date().toISOString() });
      ports.log('warn', `${plan.pack.ref}: each request runs by itself from now on; ${reason}`);
    },
    close: async () => {
      closing.abort();
      await queue;
    },
  };
}

/** The first row of a request, copied: its bytes belong to a body that is reused. */
function see({ seen }: Entry, tensors: readonly TensorBytes[]): void {
  if (seen.length >= mostSeen) return;
  const row = makeRowsOf(tensors, 1)?.[0];
  if (!row || row.reduce((sum, { data }) => sum + data.byteLength, 0) > mostSeenBytes) return;
  const isAlike = seen.every((other) => other.every(({ dims }, at) => dims.join() === row[at]?.dims.join()));
  if (isAlike) seen.push(row.map((tensor) => ({ ...tensor, data: Uint8Array.from(tensor.data) })));
}

function keyOf({ pack, variant, provider }: Plan): string {
  return `${pack.digest} ${variant.name} ${provider}`;
}
