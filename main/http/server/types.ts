import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { Serving } from '../../serving/index.ts';
import type { AccessEntry, Caller, HttpLimits, TokenBook } from './context.ts';

export type { AccessEntry, Caller, HttpLimits, TokenBook } from './context.ts';

/** `host:port`, as gunicorn writes it; `unix:/path` for a socket file. */
export type Bind = string;

/** A program asks a person for a token; the window answers. */
export type ConsentPort = {
  /** Resolves when the person decided, or with null when nobody did in time. A fault: it may not even be asked. */
  ask(request: {
    readonly program: string;
    readonly models: readonly string[] | null;
    readonly signal: AbortSignal;
  }): Promise<{ readonly token: string } | { readonly fault: Fault } | null>;
};

export type HttpServerOptions = {
  readonly serving: Serving;
  readonly appVersion: string;
  readonly bind: Bind;
  /** OIP over gRPC; null: closed. */
  readonly grpcBind: Bind | null;
  /** Null: whoever reaches the address may ask; then `bind` has to be loopback or a socket file. */
  readonly tokens: TokenBook | null;
  /** What a caller without a token is, where `tokens` is null. */
  readonly anyone: Caller;
  /** Host names besides those of loopback and of `bind` itself. */
  readonly allowedHosts: readonly string[];
  /** Origins whose pages may ask; empty: none. */
  readonly corsOrigins: readonly string[];
  readonly limits?: Partial<HttpLimits>;
  readonly consent?: ConsentPort | null;
  readonly onAccess?: (entry: AccessEntry) => void;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
};

export type HttpServer = {
  /** As asked for, with the port that was given by the system where 0 was asked: `http://127.0.0.1:8501`. */
  readonly address: string;
  readonly grpcAddress: string | null;
  /** Takes no new connection, finishes what is under way within the time, ends the rest. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
};

export type OpenHttpServer = (options: HttpServerOptions) => Promise<Outcome<HttpServer>>;
