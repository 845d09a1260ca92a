import type { AccessToken } from '../../contract/access.ts';

/** A token as it is kept: its SHA-256 in hexadecimal, never its text. */
export type StoredToken = AccessToken & { readonly hash: string };

export type TokenStore = {
  /** In order of making. */
  tokens(): Promise<readonly StoredToken[]>;
  /** New or changed; false when the disk took nothing. Lasting once answered: a revocation survives a power cut. */
  saveToken(token: StoredToken): Promise<boolean>;
  tokenUsed(id: string, at: string): void;
};
