import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import type { SecureContext } from 'node:tls';
import { once } from '../../lib/once.ts';
import { env } from '../../lib/paths.ts';

/** Bundles of trusted CA certificates on Linux, by distribution. */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
/** Newer versions of Node can also read the certificate stores of Windows and macOS. */
type NewerTls = { readonly getCACertificates?: (store: 'system') => readonly string[] };

/**
 * Trusted certificate authorities for feeds: Node's own and the system's, so that a company's CA works where its
 * administrator installed it. `SSL_CERT_FILE` replaces the system store, as for OpenSSL; `NODE_EXTRA_CA_CERTS` adds to
 * it, as for Node. Read once.
 */
export const trustedContext = once((): SecureContext =>
  tls.createSecureContext({ ca: [...tls.rootCertificates, ...systemAuthorities()] }),
);

/** In PEM; empty when there is no readable system store. */
function systemAuthorities(): readonly string[] {
  const { getCACertificates } = tls as NewerTls;
  const named = env('SSL_CERT_FILE');
  const system = named ? readable([named]) : (getCACertificates?.('system') ?? readable(systemFiles));
  return [...system, ...readable([env('NODE_EXTRA_CA_CERTS') ?? ''])];
}

/** The content of the first of these files that can be read. */
function readable(files: readonly string[]): readonly string[] {
  for (const file of files) {
    try {
      if (file !== '') return [readFileSync(file, 'utf8')];
    } catch {
      // Try the next file.
    }
  }
  return [];
}
