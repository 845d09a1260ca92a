import type { ApiModel, ApiReport, ApiRequest, ApiState } from '../../contract/serving/access.ts';
import { fault } from '../../contract/faults/faults.ts';
import { detail } from '../../contract/faults/reasons.ts';
import type { Settings } from '../../contract/settings.ts';
import { createAccess, createConsent } from '../access/index.ts';
import type { Access, Consent } from '../access/index.ts';
import { openServing } from '../serving/index.ts';
import type { OpenedEngine } from '../composition/index.ts';
import { takesPictures } from '../../contract/tasks/index.ts';
import type { HttpServer, OpenHttpServer } from '../http/index.ts';
import { requestList } from './api-requests.ts';
import { freePortAfter, portOf } from './free-port.ts';

/** Requests that may wait in the window's engine; beyond them programs get 503. */
export const maxQueue = 256;
const maxBodyBytes = 64_000_000;
/** What the gate calls a caller without one. */
const noToken = 'no token';
const graceMs = 3_000;

type ApiServerParts = {
  readonly opened: () => Promise<Pick<OpenedEngine, 'engine' | 'library' | 'store' | 'rescan'>>;
  /** Lazy import: a start without the server does not pay for it. */
  readonly loadHttp: () => Promise<{ readonly openHttpServer: OpenHttpServer }>;
  readonly appVersion: string;
  /** Tokens, state, requests or those who wait are others than before. */
  readonly onChange: () => void;
  /** A program waits for a person. */
  readonly onAsked: () => void;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
};
export type ApiServer = {
  readonly access: () => Promise<Access>;
  readonly consent: () => Promise<Consent>;
  report(): Promise<ApiReport>;
  requests(): readonly ApiRequest[];
  models(): Promise<readonly ApiModel[]>;
  /** Reconciles the server with the settings, now and after each change; resolves when settled. */
  follow(): Promise<void>;
  /** Tries again where the port was taken. */
  restart(): Promise<void>;
  isOn(): boolean;
  close(): Promise<void>;
};

/** The server behind the switch of the API page. Whoever asks needs a token, always. */
export function createApiServer(parts: ApiServerParts): ApiServer {
  const { opened, onChange } = parts;
  let state: ApiState = { kind: 'off' };
  let running: { readonly bind: string; readonly timeoutS: number; readonly server: HttpServer } | null =
    null;
  let turn: Promise<void> = Promise.resolve();
  let isClosed = false;
  let stopFollowing: (() => void) | null = null;
  const requests = requestList(onChange);

  const access = once(async () => {
    const made = await createAccess({ store: (await opened()).store });
    made.onChange(onChange);
    return made;
  });
  const consent = once(async () => {
    const made: Consent = createConsent({
      access: await access(),
      onChange: () => {
        if (made.pending().length > 0) parts.onAsked();
        onChange();
      },
    });
    return made;
  });
  const serving = once(async () => openServing(await opened()));

  const become = (next: ApiState): void => {
    state = next;
    onChange();
  };
  const stop = async (): Promise<void> => {
    const before = running;
    running = null;
    if (!before) return;
    (await consent()).close();
    await before.server.close({ graceMs });
  };
  const start = async ({ apiBind: bind, requestTimeoutS: timeoutS }: Settings): Promise<void> => {
    become({ kind: 'starting' });
    const { openHttpServer } = await parts.loadHttp();
    const started = await openHttpServer({
      serving: await serving(),
      appVersion: parts.appVersion,
      bind,
      grpcBind: null,
      tokens: (await access()).book,
      anyone: { program: noToken, models: [], isControl: false },
      allowedHosts: [],
      corsOrigins: [],
      limits: { maxBodyBytes, timeoutMs: timeoutS * 1000 },
      consent: await consent(),
      onAccess: (entry) => requests.add(entry.program === noToken ? { ...entry, program: null } : entry),
      log: parts.log,
    });
    if (!started.ok)
      return become({ kind: 'failed', fault: started.fault, freePort: await freePortAfter(portOf(bind)) });
    running = { bind, timeoutS, server: started.value };
    const { address } = started.value;
    become({ kind: 'on', address, port: Number(new URL(address).port || 80) });
  };
  const settle = async (isAgain: boolean): Promise<void> => {
    const settings = await (await opened()).engine.settings.get();
    const wanted = settings.apiOn && !isClosed;
    const isSame = running?.bind === settings.apiBind && running.timeoutS === settings.requestTimeoutS;
    if (wanted && running && isSame) return;
    if (wanted && !running && state.kind === 'failed' && !isAgain && failedAt === settings.apiBind) return;
    await stop();
    if (!wanted) {
      failedAt = null;
      return state.kind === 'off' ? undefined : become({ kind: 'off' });
    }
    await start(settings);
    failedAt = running ? null : settings.apiBind;
  };
  let failedAt: string | null = null;
  /** Serialised: toggling twice ends in the state of the last toggle. */
  const inTurn = (isAgain = false): Promise<void> => {
    turn = turn
      .then(() => settle(isAgain))
      .catch((error: unknown) => {
        parts.log('error', `the API: ${String(error)}`);
        become({
          kind: 'failed',
          fault: fault('internal', { reason: detail(String(error)) }),
          freePort: null,
        });
      });
    return turn;
  };

  return {
    access,
    consent,
    report: async () => {
      const { requestTimeoutS } = await (await opened()).engine.settings.get();
      return {
        state,
        tokens: [...(await access()).list()],
        pending: [...(await consent()).pending()],
        limits: { maxBodyBytes, timeoutMs: requestTimeoutS * 1000, maxQueue },
      };
    },
    requests: requests.newestFirst,
    models: async () => {
      const { library } = await opened();
      const sampleOf = (ref: string): string | null => {
        const pack = library.find(ref);
        const [sample] = pack.ok ? pack.value.manifest.samples : [];
        return pack.ok && sample ? library.fileOf(pack.value, sample.file) : null;
      };
      return (await serving())
        .catalogue()
        .filter(({ isDefault }) => isDefault)
        .map(({ id, version, title, task, inputs }) => ({
          id,
          version,
          title,
          task,
          inputs,
          sample: takesPictures(task) ? sampleOf(`${id}@${version}`) : null,
        }));
    },
    follow: async () => {
      const { engine } = await opened();
      stopFollowing ??= engine.on((event) => {
        if (event.kind === 'settings-changed') void inTurn();
      });
      await inTurn();
    },
    restart: () => inTurn(true),
    isOn: () => state.kind === 'on',
    close: async () => {
      isClosed = true;
      stopFollowing?.();
      await inTurn();
      if (serving.isBegun()) (await serving()).close();
    },
  };
}

/** Lazy singleton. */
function once<T>(make: () => Promise<T>): (() => Promise<T>) & { readonly isBegun: () => boolean } {
  let made: Promise<T> | null = null;
  return Object.assign(() => (made ??= make()), { isBegun: () => made !== null });
}
