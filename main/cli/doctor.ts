import { cpus, release } from 'node:os';
import type { Fault } from '../../contract/faults/faults.ts';
import type { GoldenResult, ModelSummary } from '../../contract/packs/model.ts';
import type { CacheStats, ProviderReport, ShapeReport, StoreState } from '../../contract/serving/status.ts';
import { availableCores, memoryLimitBytes } from '../lib/capacity.ts';
import { dataFolder } from '../lib/paths.ts';
import type { Opened } from './open.ts';
import { bytesText, columns } from './paint.ts';
import { versionOf } from './places.ts';
import type { Session } from './session.ts';
import { printJson } from './report.ts';
import { withOpened } from './open.ts';

type PackHealth = Pick<ModelSummary, 'ref' | 'task' | 'state' | 'trust' | 'digest'> & {
  readonly golden: GoldenResult | null;
  readonly fault: Fault | null;
};
export type Health = {
  readonly versions: Readonly<Record<string, string | null>>;
  readonly machine: {
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
  };
  readonly dataFolder: string;
  readonly store: StoreState;
  readonly cache: CacheStats;
  readonly packs: readonly PackHealth[];
  readonly providers: readonly ProviderReport[];
  readonly shapes: readonly ShapeReport[];
};

/** Exit code 0 when all is well, 2 when a model is refused or wrong here, or the store cannot keep answers. */
export function doctor(session: Session, { json }: { readonly json?: boolean }): Promise<number> {
  return withOpened(session, async (opened) => {
    const health = await examine(session, opened);
    if (json) await printJson(session, health);
    else await session.terminal.print(healthText(health));
    const isWell =
      (health.store.kind === 'ready' || health.store.kind === 'replaced') &&
      health.packs.every(({ golden, fault }) => !fault && (!golden || golden.passed === golden.total));
    return isWell ? 0 : 2;
  });
}

async function examine(session: Session, { engine, store }: Opened): Promise<Health> {
  const { terminal, places, common } = session;
  const packs: PackHealth[] = [];
  for (const { ref, task, state, trust, digest, fault } of await engine.models.list()) {
    const entry = { ref, task, state, trust, digest };
    if (fault) {
      packs.push({ ...entry, golden: null, fault });
      continue;
    }
    if (terminal.isErrorTerminal) terminal.note(`Proving ${ref} on this computer …`);
    const proved = await engine.doctor.probe(ref);
    const golden = proved.ok ? await engine.models.golden(ref) : proved;
    packs.push(
      golden.ok
        ? { ...entry, golden: golden.value, fault: null }
        : { ...entry, golden: null, fault: golden.fault },
    );
  }
  return {
    versions: {
      outpost: places.version,
      node: process.versions.node,
      electron: process.versions['electron'] ?? null,
      onnxruntime: versionOf('onnxruntime-node', import.meta.url),
      'better-sqlite3': versionOf('better-sqlite3', import.meta.url),
      sharp: versionOf('sharp', import.meta.url),
    },
    machine: {
      platform: `${process.platform} ${process.arch} ${release()}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableCores(),
      memoryBytes: memoryLimitBytes(),
    },
    dataFolder: dataFolder(common.data),
    store: store.state(),
    cache: await store.cacheStats(),
    packs,
    providers: await engine.doctor.providers(),
    shapes: await engine.doctor.shapes(),
  };
}

function healthText(health: Health): string {
  const { versions, machine, store, cache } = health;
  const sections = [
    columns([
      [
        'versions',
        Object.entries(versions)
          .flatMap(([name, version]) => (version === null ? [] : [`${name} ${version}`]))
          .join(', '),
      ],
      [
        'machine',
        `${machine.platform}, ${machine.cpu}, ${machine.cores} cores, ${bytesText(machine.memoryBytes)}`,
      ],
      ['data folder', health.dataFolder],
      [
        'store',
        `${store.kind}${'reason' in store ? `: ${store.reason}` : ''}, ${cache.answers} answers, ${bytesText(cache.sizeBytes)}`,
      ],
    ]),
    titled(
      'Models',
      health.packs.map(({ ref, state, golden, fault }) => [
        ref,
        state,
        fault ? `${fault.message} [${fault.code}]` : goldenText(golden),
      ]),
    ),
    titled(
      'Providers',
      health.providers.map(({ model, provider, verdict }) => [
        model,
        provider,
        verdict.kind,
        'ms' in verdict ? `${verdict.ms.toFixed(1)} ms` : '',
        verdict.reason,
      ]),
    ),
    titled(
      'Workers',
      health.shapes.map((shape) => [shape.model, ...shapeTexts(shape)]),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function shapeTexts({ latency, throughput }: ShapeReport): readonly string[] {
  const text = (name: string, shape: ShapeReport['latency'], isChosen: boolean): string =>
    `${name} ${shape.workers} × ${shape.threads}: ${shape.rate.toFixed(1)}/s${isChosen ? ', used for many' : ''}`;
  const isWide = throughput.rate > latency.rate;
  return [text('one at a time', latency, !isWide), text('side by side', throughput, isWide)];
}

const titled = (title: string, rows: readonly (readonly string[])[]): string =>
  `${title}\n${rows.length === 0 ? '  nothing measured yet' : columns(rows.map(([first, ...rest]) => [`  ${first}`, ...rest]))}`;

const goldenText = (golden: GoldenResult | null): string =>
  golden
    ? `golden samples ${golden.passed} of ${golden.total} right with ${golden.variant} on ${golden.provider}`
    : 'no golden samples';
