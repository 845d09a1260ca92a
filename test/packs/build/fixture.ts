import { join } from 'node:path';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { openRunnerOf } from '../../../main/cli/pack/runner.ts';
import type { Session } from '../../../main/cli/session.ts';
import { openTerminal } from '../../../main/cli/terminal.ts';
import { buildPack } from '../../../main/packs/build/index.ts';
import type { Answers, Built, BuildRequest, OpenRunner } from '../../../main/packs/build/index.ts';
import { builtEntry } from '../../fixtures/built.ts';
import { appVersion, modelsFolder, tempFolder } from '../fixture.ts';

export const efficientnet = join(modelsFolder, 'efficientnet-lite0');
export const exportsFolder = join(import.meta.dirname, '../../fixtures/exports');

export const meaning: Answers = {
  id: 'made-here',
  version: '1.0.0',
  title: 'Made here',
  summary: 'Made by a test.',
  licence: 'Apache-2.0',
};

/** A request with nothing but the model: each test adds what it is about. */
export function requestFor(model: string, more: Partial<BuildRequest> = {}): BuildRequest {
  return {
    model,
    out: join(tempFolder(), 'made.outpack'),
    answers: meaning,
    as: 'fp32',
    variants: [],
    providers: ['cpu'],
    golden: [],
    samples: [],
    minimumApp: '0.1.0',
    appVersion,
    ...more,
  };
}

/** The real engine with real workers, as the command line opens it. */
export async function realRunner(): Promise<OpenRunner> {
  const [worker, store] = await Promise.all([builtEntry('worker'), builtEntry('store')]);
  const session: Session = {
    places: { version: appVersion, models: modelsFolder, worker, store, httpWorker: '', watchdog: '' },
    terminal: openTerminal(
      { out: process.stdout, error: process.stderr },
      { isQuiet: true, isVerbose: false, isColored: false },
    ),
    common: { color: false },
  };
  return openRunnerOf(session);
}

export async function build(request: BuildRequest): Promise<Built> {
  const built = await buildPack(request, { openRunner: await realRunner() });
  if (!built.ok) throw new Error(`${built.fault.code}: ${built.fault.message}`);
  return built.value;
}

/** For what must fail before anything runs. */
export function buildWithoutRunning(request: BuildRequest): Promise<Outcome<Built>> {
  return buildPack(request, {
    openRunner: () => Promise.reject(new Error('nothing was to be run')),
  });
}
