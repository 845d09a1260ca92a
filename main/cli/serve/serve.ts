import type { ChildProcess } from 'node:child_process';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { detail } from '../../../contract/faults/reasons.ts';
import { tokenFile } from '../../access/index.ts';
import type { TokenBook } from '../../http/index.ts';
import { availableCores } from '../../lib/capacity.ts';
import { messageOf } from '../../lib/error-text.ts';
import { modelFolders } from '../model-folders.ts';
import { open } from '../open.ts';
import type { Opened } from '../open.ts';
import { refuse } from '../report.ts';
import type { Session } from '../session.ts';
import type { ServeConfig } from './config.ts';
import { bindOf, isInside } from './bind.ts';
import { engineConfig } from './engine-config.ts';
import { inferenceOf } from './inference.ts';
import { openIsolated } from './isolated.ts';
import { readServeConfig } from './read-config.ts';
import type { GivenOptions } from './read-config.ts';
import { changedInVain, collapse, watchPointers } from './reloads.ts';
import type { Server } from './server.ts';
import { catchServeSignals } from './signals.ts';

type Running = {
  readonly session: Session;
  readonly options: GivenOptions;
  /** As it was at the start. */
  readonly config: ServeConfig;
  readonly tokens: ReplaceableTokens | null;
  readonly server: Server;
};
type ReplaceableTokens = TokenBook & { replace(book: TokenBook): void };

type Given = Pick<Running, 'options'> & {
  readonly config: ServeConfig;
  /** The first HTTP worker, which reads its modules meanwhile; null where requests arrive in this process. */
  readonly early: ChildProcess | null;
  /** When the command began, by `performance.now()`. */
  readonly begunMs: number;
};

export async function serve(session: Session, { options, config, early, begunMs }: Given): Promise<number> {
  const { terminal } = session;
  const tokens = await tokensOf(config);
  if (!tokens.ok) return refuse(session, tokens.fault);
  const folders = await modelFolders(session, config['model-name']);
  if (!folders.ok) return refuse(session, folders.fault);
  const opened = await openFor(session, config, folders.value);
  let running: Running | null = null;
  // A failed reload (a folder that vanishes meanwhile, say) changes nothing.
  const reloadOnce = collapse(() =>
    (running ? reload(running) : Promise.resolve()).catch((error: unknown) =>
      terminal.complain(internalFault(error)),
    ),
  );
  const pointers = watchPointers(opened.packStore.pointers, () => void reloadOnce());
  const signals = catchServeSignals({
    reload: () => void reloadOnce(),
    resize: (by) => {
      if (running) terminal.note(`${running.server.resize(by)} workers`);
    },
  });
  try {
    const server = await listen(session, opened, {
      config,
      early,
      tokens: tokens.value,
      modelFolders: folders.value,
    });
    if (!server.ok) return refuse(session, server.fault);
    running = { session, options, config, tokens: tokens.value, server: server.value };
    const { address, grpcAddress } = server.value;
    terminal.note(`Answering on ${address}${grpcAddress ? `, gRPC on ${grpcAddress}` : ''}`);
    warm(running, begunMs).catch((error: unknown) => terminal.complain(internalFault(error)));
    const how = await signals.end;
    const graceMs = how === 'drain' ? config['graceful-timeout'] * 1000 : 2_000;
    pointers.close();
    terminal.note(how === 'drain' ? 'Finishing what is under way' : 'Ending');
    await server.value.close({ graceMs });
    return 0;
  } finally {
    pointers.close();
    await opened.close();
    signals.close();
  }
}

/** With in-process inference the engine of this process only runs proofs. */
function openFor(session: Session, config: ServeConfig, folders: readonly string[]): Promise<Opened> {
  const { override, limits } = engineConfig(config, availableCores());
  const isProving = inferenceOf(config) === 'in-process';
  return open(session, isProving ? { ...override, workers: 1 } : override, {
    limits: isProving ? { ...limits, minWorkers: 1, idleTimeoutMs: provedIdleMs } : limits,
    client: 'http',
    // A proof that gave way to HTTP workers under full load would hold a roll-back up for minutes.
    givesWay: !isProving,
    modelFolders: folders,
  });
}
const provedIdleMs = 5_000;

async function warm({ session: { terminal }, server }: Running, begunMs: number): Promise<void> {
  const failed = await server.warm();
  for (const { model, fault } of failed) terminal.complain(fault, model);
  const ready = server.catalogue().filter(({ state, isDefault }) => isDefault && state.kind === 'available');
  const names = ready.map(({ id, version }) => `${id} ${version}`).join(', ');
  const seconds = ((performance.now() - begunMs) / 1000).toFixed(1);
  const [first] = failed;
  if (first)
    terminal.note(
      `Not ready for ${failed.map(({ model }) => model).join(', ')}; loaded after ${seconds} s: ${names}`,
    );
  else terminal.note(`Ready after ${seconds} s: ${names || 'models load when asked'}`);
}

async function listen(
  session: Session,
  opened: Opened,
  given: {
    readonly config: ServeConfig;
    readonly early: ChildProcess | null;
    readonly tokens: TokenBook | null;
    readonly modelFolders: readonly string[];
  },
): Promise<Outcome<Server>> {
  const { config, tokens } = given;
  const bind = bindOf(config.bind);
  const grpcBind = config['grpc-bind'] === undefined ? null : bindOf(config['grpc-bind']);
  for (const address of [bind, grpcBind])
    if (address !== null && !isInside(address) && !tokens) return failed('bind-needs-token', { address });
  const parts = { ...given, session, opened, bind, grpcBind };
  if (inferenceOf(config) === 'isolated') return openIsolated(parts);
  return (await import('./in-process.ts')).openInProcess(parts);
}

/** Hot reload of models, tokens and what the server takes over from the config; an invalid value leaves all of it unchanged. */
async function reload({
  session: { terminal },
  options,
  config: started,
  tokens,
  server,
}: Running): Promise<void> {
  const config = await readServeConfig(options);
  if (!config.ok) return terminal.complain(config.fault);
  const next = await tokensOf({ ...config.value, control: started.control });
  if (!next.ok) return terminal.complain(next.fault);
  if (next.value) tokens?.replace(next.value);
  const faults = await server.reload(config.value);
  for (const fault of faults) terminal.complain(fault);
  const inVain = changedInVain(started, config.value, server.reloads);
  if (inVain.length > 0) terminal.note(`Changed, and as before until the next start: ${inVain.join(', ')}`);
  const active = server.catalogue().filter(({ isDefault }) => isDefault);
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

const internalFault = (error: unknown): Fault => fault('internal', { reason: detail(messageOf(error)) });
