import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { OutpostEvent } from '../../contract/calls/events.ts';
import type { ModelDetail, ModelSummary, GoldenResult, VerifyReport } from '../../contract/packs/model.ts';
import type { CopyRequest } from '../../contract/pictures/picture-copy.ts';
import type { PreprocessingStep } from '../../contract/packs/picture-steps.ts';
import type { PreparedPhoto } from '../../contract/packs/pack-build.ts';
import type { PredictionOutcome, PredictionRecord } from '../../contract/runs/prediction.ts';
import type { LeftOutReason, RunState } from '../../contract/runs/run.ts';
import type { DecodeWay, Digest } from '../../contract/ids.ts';
import type { GroupsResult, SimilarResult } from '../../contract/runs/similar.ts';
import type { Settings, SettingsPatch } from '../../contract/settings.ts';
import type { BatchingParameters, ClientName, Served } from '../../contract/serving/serving.ts';
import type { EngineStatus, ProviderReport, ShapeReport } from '../../contract/serving/status.ts';
import type { TensorBytes } from '../../contract/tensors/tensor.ts';
import type { EndedRunsQuery, Store } from '../store/index.ts';
import type { Heat } from '../lib/heat.ts';
import type { Power } from '../lib/power.ts';
import type { Library } from '../packs/index.ts';
import type { CheckRequest, RunChecking } from './checking.ts';
import type { LocalLinkParts } from './local-runner.ts';
import type { EngineWorkers } from './pools-status.ts';
import type { RunItems } from './run-items.ts';

export type { LoadedState } from './pools-status.ts';

/** A worker process as the engine sees it; the app gives `utilityProcess`, command line and tests `child_process`. */
export type WorkerProcess = {
  readonly pid: number | undefined;
  /** Ends it at once (SIGKILL or its like). */
  kill(): void;
  /** Fires once; `reason` is plain words such as `exit code 139` or `signal SIGKILL`. */
  onExit(listener: (reason: string) => void): void;
};
export type StartWorker = (env: Readonly<Record<string, string>>) => WorkerProcess;

export type EnginePorts = {
  readonly startWorker: StartWorker;
  /** Models run in this very process, one session of each; absent: in worker processes. What is tried still runs in processes of its own. */
  readonly inProcess?: LocalLinkParts;
  readonly store: Store;
  readonly library: Library;
  /** Folder for worker sockets, short enough for a Unix socket path; made by whoever starts the engine, 0700. */
  readonly socketFolder: string;
  /** Folder in the computer's memory, 0700, where large blobs are handed to workers; absent: they go over the socket. */
  readonly memoryFolder?: string;
  readonly appVersion: string;
  readonly cores: number;
  /** Names this device and its drivers: what is remembered of providers and shapes belongs to it alone. */
  readonly device: string;
  /** Providers that this build of ONNX Runtime and this platform offer, best first; always ends with cpu. */
  readonly offeredProviders: readonly string[];
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Options that win over stored settings (command line). */
  readonly override?: Partial<Settings>;
  readonly limits?: Partial<EngineLimits>;
  /** Absent: asks the system. */
  readonly power?: () => Promise<Power>;
  readonly heat?: () => Promise<Heat>;
  /** The client of a request that names none; absent: the window. */
  readonly client?: ClientName;
};

export type EngineLimits = {
  readonly maxQueued: number;
  readonly loadTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly probeTimeoutMs: number;
  readonly crashesBeforeQuarantine: number;
  /** First two steps of the Fibonacci back-off between restarts. */
  readonly backoffMs: number;
  /** A worker that has grown this far over its size after loading is replaced. */
  readonly recycleGrowthBytes: number;
  /** How often a worker is asked for its size. */
  readonly pingMs: number;
  /** Models, or shapes of one, that keep workers at the same time. */
  readonly maxPools: number;
  /** Models whose packs have at most so many bytes share worker processes; 0 gives each its own. */
  readonly sharedBelowBytes: number;
  /** A bounded request that would wait longer, by what is measured, is answered `busy` at once. */
  readonly maxWaitMs: number;
  /** Workers that a pool starts with and falls back to; it grows to its shape when requests wait. */
  readonly minWorkers: number;
  /** A worker is replaced after so many requests, plus up to `maxRequestsJitter` drawn for each; 0 is never. */
  readonly maxRequests: number;
  readonly maxRequestsJitter: number;
};

export type PredictRequest = {
  /** `digest`: of the bytes, where it is known. */
  readonly source:
    { readonly path: string } | { readonly bytes: Uint8Array; readonly digest?: Digest | null };
  /** What stands in the record as `input`. */
  readonly name: string;
  /** ModelRef; absent: settings' model, else the first pack that answers photos. */
  readonly model?: string;
  readonly variant?: string;
  readonly provider?: string;
  readonly useCache?: boolean;
  /** How many scores the asker wants; at least `keptScores` are stored. */
  readonly top?: number;
  readonly embedding?: boolean;
  readonly priority?: 'interactive' | 'batch';
  readonly client?: ClientName;
  /** Absent: as the settings say. */
  readonly decode?: DecodeWay;
  /** Looks at overlapping tiles of a large photo as well; `task-mismatch` where the model's task does not. */
  readonly thorough?: boolean;
  /** Milliseconds from now after which the answer is `deadline-exceeded`. */
  readonly deadlineMs?: number;
};

export type TensorRequest = {
  readonly model: string;
  readonly variant?: string;
  readonly provider?: string;
  readonly tensors: readonly TensorBytes[];
  readonly priority?: 'interactive' | 'batch';
  readonly client?: ClientName;
  readonly deadlineMs?: number;
  /** Absent: answered anew, nothing kept. Programs seldom ask the same twice, and each look costs a hash of all bytes. */
  readonly useCache?: boolean;
};
export type QuickRequest = Pick<TensorRequest, 'tensors' | 'priority' | 'client' | 'deadlineMs'>;
/** `queueMs` is the wait before a worker had it, `inputMs` and `outputMs` are parts of `runMs`; `batchRows` the rows (first dimension) of the batch that it ran in. */
export type TensorResult = {
  readonly tensors: readonly TensorBytes[];
  readonly queueMs: number;
  readonly runMs: number;
  readonly inputMs: number;
  readonly outputMs: number;
  readonly batchRows: number;
  /** From the store, or the answer of the same request that was under way; then nothing ran for this one and the figures are 0. */
  readonly cached: boolean;
};

/** Answers in the order of the inputs, as they come; faults are outcomes, not rejections. Ends early when `signal` fires. */
export type PredictAllRequest = Omit<PredictRequest, 'source' | 'name'> & {
  /** Files and folders; folders are walked in path order. */
  readonly inputs: AsyncIterable<string> | Iterable<string>;
};

type PredictAllOptions = {
  readonly signal?: AbortSignal;
  /** Called for each file or folder that the walk passes over. */
  readonly onLeftOut?: (reason: LeftOutReason) => void;
};

/** What is most like one photo: of all that was answered, or among these files and folders, which are answered as well. */
export type SimilarRequest = Pick<
  PredictRequest,
  'source' | 'name' | 'model' | 'variant' | 'provider' | 'priority' | 'client' | 'decode'
> & {
  readonly among?: PredictAllRequest['inputs'];
  readonly limit: number;
  /** The lowest cosine, -1 to 1. */
  readonly least: number;
};
export type GroupsRequest = Pick<SimilarRequest, 'model' | 'variant' | 'least'>;
export type SimilarOptions = {
  readonly signal?: AbortSignal;
  /** Called for each photo of `among`. */
  readonly onCompared?: (progress: { readonly compared: number; readonly faults: number }) => void;
};

export type RunRequest = Omit<PredictAllRequest, 'priority'> & {
  readonly title: string;
  /** Its one input is a folder that is watched: all that is in it is answered, or only what comes. */
  readonly watch?: 'all' | 'new';
};
export type WatchRequest = Omit<RunRequest, 'inputs' | 'watch'> & {
  readonly folder: string;
  /** Leaves out what is in the folder when the run begins. */
  readonly isOnlyNew?: boolean;
  /** Begins a run of its own also where one has watched the folder before. */
  readonly isAnew?: boolean;
};

export type Thumbnail = {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly sourceWidth: number;
  readonly sourceHeight: number;
};

export type Engine = {
  predict(request: PredictRequest, options?: { signal?: AbortSignal }): Promise<Outcome<PredictionRecord>>;
  /** Fault `no-feature-vectors` where no model has them. */
  similar(request: SimilarRequest, options?: SimilarOptions): Promise<Outcome<SimilarResult>>;
  /** Called where somebody may ask soon: reads the stored vectors into memory ahead of the question. */
  prepareSimilar(): Promise<void>;
  /** Stored photos that are alike, in groups; `least` as above. */
  similarGroups(request: GroupsRequest): Promise<Outcome<GroupsResult>>;
  runTensors(request: TensorRequest, options?: { signal?: AbortSignal }): Promise<Outcome<TensorResult>>;
  /** For a quick model of this process that is free, what does the same within one call; null, with nothing counted, where `runTensors` has to be asked. */
  quickModel(model: string): ((request: QuickRequest) => TensorResult | null) | null;
  predictAll(request: PredictAllRequest, options?: PredictAllOptions): AsyncIterable<PredictionOutcome>;
  /** A photo as these steps make it for a model, by a worker that holds none. */
  prepare(
    path: string,
    steps: readonly PreprocessingStep[],
    options?: { signal?: AbortSignal },
  ): Promise<Outcome<PreparedPhoto>>;
  /** Bytes of a copy of a photo; the photo itself is only read. */
  copy(path: string, request: CopyRequest, options?: { signal?: AbortSignal }): Promise<Outcome<Uint8Array>>;
  thumbnail(path: string, edge: number, options?: { signal?: AbortSignal }): Promise<Outcome<Thumbnail>>;

  readonly runs: RunItems & {
    /** Comes back when the run is kept, its inputs included; the answers come behind. */
    start(request: RunRequest): Promise<Outcome<RunState>>;
    /** Goes on with the run that has watched this folder with this model, or begins one; it ends by `pause` and `stop` alone. */
    watch(request: WatchRequest): Promise<Outcome<RunState>>;
    get(run: string): Promise<Outcome<RunState>>;
    /** Newest first, also those of other processes; one whose process ended without a word is `interrupted`. */
    list(): Promise<readonly RunState[]>;
    /** Those that a process works on or watches for, newest first. */
    live(): Promise<readonly RunState[]>;
    /** A page of the others, newest first; `total` of all that fit. */
    ended(query: EndedRunsQuery): Promise<{ readonly runs: readonly RunState[]; readonly total: number }>;
    /** The system says that its power changed, or that it woke up. */
    powerChanged(): void;
    /** Looks at what a run would be, and measures some of it; it goes on until it is stopped or has seen all. */
    check(request: CheckRequest): Promise<Outcome<RunChecking>>;
    /** What is finished stays; what is under way is given up at once. Of another process' run when that has stopped. */
    stop(run: string): Promise<Outcome<RunState>>;
    /** The same, to be gone on with; comes back when nothing is under way any more. */
    pause(run: string): Promise<Outcome<RunState>>;
    /** Goes on where it was, in this process, with the version that it began with. */
    resume(run: string): Promise<Outcome<RunState>>;
    /** Answers the failed items again, then what is missing. */
    retry(run: string): Promise<Outcome<RunState>>;
    /** A new run of the same inputs: with the same version, or with this model. */
    again(run: string, model?: string): Promise<Outcome<RunState>>;
    /** Hides a run that is not under way; it is gone when this process closes the store, until then `restore` brings it back. Answers and what was confirmed stay. */
    remove(run: string): Promise<Outcome<void>>;
    restore(run: string): Promise<Outcome<RunState>>;
    /** Resolves when this process does not work on the run any more. */
    settled(run: string): Promise<void>;
  };
  readonly models: {
    list(): Promise<readonly ModelSummary[]>;
    show(ref: string): Promise<Outcome<ModelDetail>>;
    verify(ref: string): Promise<Outcome<VerifyReport>>;
    /** Runs the pack's golden samples on the provider in use. */
    golden(ref: string): Promise<Outcome<GoldenResult>>;
    /** `id@version` of the version that a request for this would get now; absent: for the model that answers photos. */
    resolve(ref?: string): Outcome<string>;
  };
  readonly doctor: {
    providers(): Promise<readonly ProviderReport[]>;
    shapes(): Promise<readonly ShapeReport[]>;
    probe(ref: string): Promise<Outcome<readonly ProviderReport[]>>;
  };
  readonly settings: { get(): Promise<Settings>; set(patch: SettingsPatch): Promise<Settings> };
  /** Loads the model and its workers ahead of the first request; one that was set aside or unloaded is tried again. */
  warm(ref?: string): Promise<Outcome<void>>;
  readonly workers: EngineWorkers;
  readonly batching: {
    set(parameters: Readonly<Record<string, BatchingParameters>>): void;
    of(id: string): BatchingParameters;
  };
  status(): EngineStatus;
  /** Tells of a request that was refused before the engine was asked. */
  refused(request: {
    readonly model: string;
    readonly version: string;
    readonly kind: Served['kind'];
    readonly client: ClientName;
    readonly fault: Fault;
  }): void;
  /** Each request's end, once, whatever client it came from. */
  onServed(listener: (served: Served) => void): () => void;
  on(listener: (event: OutpostEvent) => void): () => void;
  /** Drains: takes nothing new, finishes what is in flight within the time, then ends every process. */
  close(options?: { graceMs?: number }): Promise<void>;
};
