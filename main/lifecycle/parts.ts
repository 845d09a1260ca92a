import type { Outcome } from '../../contract/faults/faults.ts';
import type { CanaryReport } from '../../contract/lifecycle/lifecycle.ts';
import type { GoldenResult } from '../../contract/packs/model.ts';
import type { Settings } from '../../contract/settings.ts';
import type { TrialProgress, TrialReport } from '../../contract/lifecycle/trial.ts';
import type { Library, PackStore } from '../packs/index.ts';
import type { Store } from '../store/index.ts';
import type { CompareRequest, UpdateFetcher } from './types.ts';
import type { VersionRegistry } from './versions/index.ts';

type CompareOptions = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrialProgress) => void;
};

/** The part of the engine that the lifecycle uses. References are `id@version`. */
export type EngineParts = {
  /**
   * Runs the golden samples in a worker of its own, which is discarded afterwards: a crash affects nothing else. `withPart`
   * (`id@version`): with the parts that a composed pack would have if that version were active.
   */
  golden(ref: string, signal: AbortSignal, withPart?: string): Promise<Outcome<GoldenResult>>;
  /** The stored result; null when there is none for this device, driver and version of Outpost. */
  storedGolden(ref: string, withPart?: string): Promise<GoldenResult | null>;
  /** Whether golden samples were run on this computer with the provider in use. */
  isProved(ref: string): Promise<boolean>;
  /** Starts the workers of a version before it becomes active. */
  warm(ref: string): Promise<Outcome<void>>;
  /** Shadow run: the last confirmed items, else the last distinct inputs, through both versions. */
  shadow(
    request: Omit<CompareRequest, 'inputs'> & { readonly items: number },
    options: CompareOptions,
  ): Promise<Outcome<TrialReport>>;
  compare(request: CompareRequest, options: CompareOptions): Promise<Outcome<TrialReport>>;
  /** Starts the canary watch of a version. */
  watch(report: CanaryReport, from: string | null): void;
  unwatch(model: string): void;
  /** Stops a model's runs, then ends its workers; the model is refused until `readmit`. */
  endWork(model: string): Promise<void>;
  readmit(model: string): void;
  /** Updates the canary watches to what other processes switched to or rolled back. */
  follow(): void;
};

/** The dependencies of the lifecycle's functions. */
export type LifecycleParts = {
  readonly store: Store;
  readonly packStore: PackStore;
  readonly library: Library;
  readonly registry: VersionRegistry;
  readonly engine: EngineParts;
  readonly fetcher: UpdateFetcher | null;
  readonly settings: () => Promise<Settings>;
  readonly appVersion: string;
  readonly deviceId: () => Promise<string>;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  readonly onChange: () => void;
};
