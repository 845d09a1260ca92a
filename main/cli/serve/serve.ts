import { failed, fault, ok } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import { detail } from '../../../contract/reasons.ts';
import { tokenFile } from '../../access/index.ts';
import { openServing } from '../../serving/index.ts';
import type { OpenedServing } from '../../serving/index.ts';
import { openFronts, openHttpServer } from '../../http/index.ts';
import type { FrontServer, HttpServer, TokenBook } from '../../http/index.ts';
import { availableCores } from '../../lib/capacity.ts';
import { messageOf } from '../../lib/error-text.ts';
import { modelFolders } from '../model-folders.ts';
import { open } from '../open.ts';
import type { Opened } from '../open.ts';
import { refuse } from '../report.ts';
import type { Session } from '../session.ts';
import type { ServeConfig } from './config.ts';
import { bindOf, isInside } from './bind.ts';
import { engineConfig, httpLimits } from './engine-config.ts';
import { readServeConfig } from './read-config.ts';
import type { GivenOptions } from './read-config.ts';
import { catchServeSignals } from './signals.ts';

type Running = {
  readonly session: Session;
  readonly options: GivenOptions;
  readonly opened: Opened;
  readonly serving: OpenedServing;
  readonly tokens: ReplaceableTokens | null;
};
type ReplaceableTokens = TokenBook & { replace(book: TokenBook): void };

/** `outpost serve`: 0 when it was told to end, 1 when it could not start. */
export async function serve(session: Session, options: GivenOptions): Promise<number> {
  const begun = performance.now();
  const { terminal } = session;
  const config = await readServeConfig(options);
  if (!config.ok) return refuse(session, config.fault);
  const tokens = await tokensOf(config.value);
  if (!tokens.ok) return refuse(session, tokens.fault);
  const folders = await modelFolders(session, config.value['model-name']);
  if (!folders.ok) return refuse(session, folders.fault);
  const { override, limits } = engineConfig(config.value, availableCores());
  const opened = await open(session, override, {
    limits,
    client: 'http',
    givesWay: true,
    modelFolders: folders.value,
  });
  const serving = await openServing(opened, {
    preload: preloadOf(config.value, opened),
    batching: config.value.batching,
    cached: config.value.cache.includes('all') ? 'all' : config.value.cache,
  });
  const running: Running = { session, options, opened, serving, tokens: tokens.value };
  let onReloaded = (): void => {};
  const signals = catchServeSignals({
    reload: () =>
      void reload(running)
        .then(() => onReloaded())
        // One that fails, for a folder that goes away while it is read, leaves everything as it was.
        .catch((error: unknown) => terminal.complain(internalFault(error))),
    resize: (by) => {
      serving.resize(by);
      terminal.note(`${serving.status().maxWorkers} workers`);
    },
  });
  const server = await listen(running, config.value);
  try {
    if (!server.ok) return refuse(session, server.fault);
    const { value: listening } = server;
    if ('rereadTokens' in listening) onReloaded = listening.rereadTokens;
    const { address, grpcAddress } = listening;
    terminal.note(`Answering on ${address}${grpcAddress ? `, gRPC on ${grpcAddress}` : ''}`);
    warm(running, begun).catch((error: unknown) => terminal.complain(internalFault(error)));
    const how = await signals.end;
    const graceMs = how === 'drain' ? config.value['graceful-timeout'] * 1000 : 2_000;
    terminal.note(how === 'drain' ? 'Finishing what is under way' : 'Ending');
    await server.value.close({ graceMs });
    return 0;
  } finally {
    serving.close();
    await opened.close();
    signals.close();
  }
}

async function warm({ session: { terminal }, serving }: Running, begun: number): Promise<void> {
  const failed = await serving.warm();
  for (const { model, fault } of failed) terminal.complain(fault, model);
  const ready = serving.catalogue().filter(({ state, isDefault }) => isDefault && state.kind === 'available');
  const names = ready.map(({ id, version }) => `${id} ${version}`).join(', ');
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const [first] = failed;
  if (first)
    terminal.note(
      `Not ready for ${failed.map(({ model }) => model).join(', ')}; loaded after ${seconds} s: ${names}`,
    );
  else terminal.note(`Ready after ${seconds} s: ${names || 'models load when asked'}`);
}

function listen(
  { session, serving, tokens }: Running,
  config: ServeConfig,
): Promise<Outcome<HttpServer | FrontServer>> {
  const { terminal, places } = session;
  const bind = bindOf(config.bind);
  if (!isInside(bind) && !tokens)
    return Promise.resolve(failed('bind-needs-token', { address: config.bind }));
  const shared = {
    serving,
    appVersion: places.version,
    bind,
    anyone: { program: 'loopback', models: null, isControl: config.control },
    allowedHosts: config['allowed-host'],
    corsOrigins: config['cors-origin'],
    limits: httpLimits(config),
    log: (level: 'info' | 'warn' | 'error', text: string): void => {
      if (terminal.isVerbose || level === 'error') terminal.raw(`${level}: ${text}\n`);
    },
  };
  const grpcBind = config['grpc-bind'] === undefined ? null : bindOf(config['grpc-bind']);
  if (config.fronts === 1) return openHttpServer({ ...shared, grpcBind, tokens });
  if (grpcBind !== null)
    return Promise.resolve(
      failed('config-invalid', { file: 'The command line', reason: 'grpc-bind goes with one front only' }),
    );
  return openFronts({
    ...shared,
    fronts: config.fronts,
    entry: places.front,
    tokenFile: config['token-file'] ?? null,
  });
}

/** What can change while it runs: models, batching, tokens. What is wrong leaves everything as it was. */
async function reload({ session: { terminal }, options, serving, tokens }: Running): Promise<void> {
  const config = await readServeConfig(options);
  if (!config.ok) return terminal.complain(config.fault);
  const next = await tokensOf(config.value);
  if (!next.ok) return terminal.complain(next.fault);
  if (next.value) tokens?.replace(next.value);
  serving.setBatching(config.value.batching);
  const faults = await serving.reload();
  for (const fault of faults) terminal.complain(fault);
  const active = serving.catalogue().filter(({ isDefault }) => isDefault);
  terminal.note(`Reloaded: ${active.map(({ id, version }) => `${id} ${version}`).join(', ')}`);
}

async function tokensOf({
  'token-file': file,
  control,
}: ServeConfig): Promise<Outcome<ReplaceableTokens | null>> {
  if (file === undefined) return ok(null);
  const read = await tokenFile(file, { isControl: control });
  if (!read.ok) return read;
  let book: TokenBook = read.value;
  return ok({ find: (token) => book.find(token), replace: (other) => (book = other) });
}

function preloadOf({ load }: ServeConfig, { library }: Opened): readonly string[] {
  const all = [...new Set(library.list().map(({ manifest }) => manifest.id))];
  if (load.includes('all')) return all;
  return load.includes('none') ? [] : load;
}

const internalFault = (error: unknown): Fault => fault('internal', { reason: detail(messageOf(error)) });
