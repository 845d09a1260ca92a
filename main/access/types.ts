import type { AccessToken, ConsentRequest, NewToken, TokenRequest } from '../../contract/serving/access.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';

/** Whom a token stands for. Null models: all. */
export type TokenHolder = {
  readonly program: string;
  readonly models: readonly string[] | null;
  readonly isControl: boolean;
};
/** Answers from memory; null for a token that is not known or was revoked. */
export type TokenFinder = { find(token: string): TokenHolder | null };

/** Tokens by application: kept in the store as hashes, answered from memory. */
export type Access = {
  /** What the gate of the server asks. Notes when a token was used, on disk at most once a minute. */
  readonly book: TokenFinder;
  /** Newest first, without revoked ones. */
  list(): readonly AccessToken[];
  /** Faults: `store-unavailable` when the disk takes nothing; then there is no token. */
  create(request: TokenRequest): Promise<Outcome<NewToken>>;
  rename(id: string, name: string): Promise<Outcome<AccessToken>>;
  /** Counts at once, even when the disk takes nothing; then the fault says that it lasts until the next start. */
  revoke(id: string): Promise<Outcome<AccessToken>>;
  /** Takes back a revocation. */
  restore(id: string): Promise<Outcome<AccessToken>>;
  /** Reads the store again: another process may have made or revoked tokens. */
  reload(): Promise<void>;
  /** A token was made or changed, or its use was written. */
  onChange(listener: () => void): () => void;
};

export type ConsentAnswer = { readonly token: string } | { readonly fault: Fault } | null;
/** Programs that ask a person for a token. */
export type Consent = {
  /** Null when nobody decided in time, or when the program hung up. */
  ask(request: {
    readonly program: string;
    readonly models: readonly string[] | null;
    readonly signal: AbortSignal;
  }): Promise<ConsentAnswer>;
  /** Oldest first. */
  pending(): readonly ConsentRequest[];
  /** False when it waits no more. A token that could not be kept is a fault, and the program gets the same. */
  decide(id: string, isAllowed: boolean): Promise<Outcome<boolean>>;
  /** Gives up everybody who waits. */
  close(): void;
};
