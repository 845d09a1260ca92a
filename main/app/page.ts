import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { Host } from './scheme.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' outpost: data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What every answer of the scheme says about itself. */
export const plainHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** Files of the built page, and nothing beside it. */
export function pageHost(folder: string): Host {
  return async (url) => {
    const path = fileBelow(folder, url.pathname === '/' ? '/index.html' : url.pathname);
    const type = path && types[extname(path)];
    if (!path || !type) return null;
    const body = await readFile(path).catch(() => null);
    if (!body) return null;
    return new Response(new Uint8Array(body), {
      headers: {
        ...plainHeaders,
        'content-type': type,
        'content-security-policy': policy,
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': 'geolocation=(), camera=(), microphone=(), usb=(), serial=(), hid=()',
        'x-frame-options': 'DENY',
        'cache-control': 'no-cache',
      },
    });
  };
}

/** The file that a path of an address names, or null when it names anything outside `folder`, also by `%2f` or `\`. */
export function fileBelow(folder: string, pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (/[\\\0]|%/u.test(decoded) || decoded.split('/').includes('..')) return null;
  const path = join(folder, decoded);
  return path.startsWith(folder + sep) ? path : null;
}
