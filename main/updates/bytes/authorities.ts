import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import type { SecureContext } from 'node:tls';
import { env } from '../../lib/paths.ts';

/** Where Linux systems keep the certificates of the authorities that they trust, one file for all. */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
/** Newer Node reads the stores of Windows and macOS as well. */
type NewerTls = { readonly getCACertificates?: (store: 'system') => readonly string[] };

let made: SecureContext | null = null;

/**
 * Who is trusted to vouch for a feed's server: the authorities that come with Node, and those of the system's own store, so
 * that an office's own certificate counts where its administrator installed it. `SSL_CERT_FILE` names another store, as for
 * OpenSSL; `NODE_EXTRA_CA_CERTS` adds to it, as for Node. Read once.
 */
export function trustedContext(): SecureContext {
  return (made ??= tls.createSecureContext({ ca: [...tls.rootCertificates, ...systemAuthorities()] }));
}

/** PEM texts; empty where the system has no store that can be read. */
export function systemAuthorities(): readonly string[] {
  const { getCACertificates } = tls as NewerTls;
  const named = env('SSL_CERT_FILE');
  const system = named ? readable([named]) : (getCACertificates?.('system') ?? readable(systemFiles));
  return [...system, ...readable([env('NODE_EXTRA_CA_CERTS') ?? ''])];
}

/** The first of these files that there is. */
function readable(files: readonly string[]): readonly string[] {
  for (const file of files) {
    try {
      if (file !== '') return [readFileSync(file, 'utf8')];
    } catch {
      // The next one.
    }
  }
  return [];
}
