import type { Outcome } from '../../contract/faults.ts';
import type { CanaryReport } from '../../contract/lifecycle.ts';
import type { GoldenResult } from '../../contract/model.ts';
import type { Settings } from '../../contract/settings.ts';
import type { TrialProgress, TrialReport } from '../../contract/trial.ts';
import type { Library, PackStore } from '../packs/index.ts';
import type { Store } from '../store/index.ts';
import type { CompareRequest, UpdateFetcher } from './types.ts';
import type { VersionRegistry } from './versions/index.ts';

export type CompareOptions = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrialProgress) => void;
};

/** What of the engine the lifecycle drives. References are `id@version`. */
export type EngineParts = {
  /** Runs the golden samples in a worker of its own: what it breaks is thrown away with it. */
  golden(ref: string, signal: AbortSignal): Promise<Outcome<GoldenResult>>;
  /** Null when there is none for this device, driver and Outpost. */
  storedGolden(ref: string): Promise<GoldenResult | null>;
  /** Whether golden samples were run here on the provider that answers now. */
  isProved(ref: string): Promise<boolean>;
  /** Loads the workers of a version before it answers. */
  warm(ref: string): Promise<Outcome<void>>;
  /** The last items that a person confirmed, or else the last distinct inputs, through both versions. */
  shadow(
    request: Omit<CompareRequest, 'inputs'> & { readonly items: number },
    options: CompareOptions,
  ): Promise<Outcome<TrialReport>>;
  compare(request: CompareRequest, options: CompareOptions): Promise<Outcome<TrialReport>>;
  /** Watches the real answers of a version from now on. */
  watch(report: CanaryReport, from: string | null): void;
  unwatch(model: string): void;
  /** Stops a model's runs and ends its workers, in this order; it is refused until `readmit`. */
  endWork(model: string): Promise<void>;
  readmit(model: string): void;
  /** Watches what another process switched to, and no longer what it took back. */
  follow(): void;
};

/** Everything that the parts of the lifecycle share. */
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
