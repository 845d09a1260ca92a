import type { RunCheck } from '../../contract/runs/run-check.ts';
import type { DecodeWay } from '../../contract/ids.ts';

/** What a run would be asked for. */
export type CheckRequest = {
  readonly inputs: AsyncIterable<string> | Iterable<string>;
  readonly model?: string;
  readonly variant?: string;
  readonly provider?: string;
  readonly decode?: DecodeWay;
  readonly thorough?: boolean;
};

export type RunChecking = {
  /** What is known so far. */
  report(): RunCheck;
  /** Resolves when nothing of the report changes any more. */
  readonly settled: Promise<void>;
  stop(): void;
};
