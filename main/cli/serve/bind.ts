/**
 * `host:port` with what is left out filled in; `unix:FILE` as it is. A port alone is this computer's, `:port` is every
 * address as gunicorn and others have it, and the scheme of a pasted address is left out.
 */
export function bindOf(text: string): string {
  const plain = text.trim();
  if (plain.startsWith('unix:')) return plain;
  const place = plain.replace(/^(?:http|tcp):\/\//iu, '').replace(/\/+$/u, '');
  if (/^\d+$/u.test(place)) return `127.0.0.1:${place}`;
  const full = /^:\d+$/u.test(place) ? `0.0.0.0${place}` : place;
  // The colons of an IPv6 address are no port's: that one stands in brackets.
  const host = /^[^[]*:.*:/u.test(full) ? `[${full}]` : full;
  return /(?:^[^:]*|\]):\d+$/u.test(host) ? host : `${host}:8501`;
}

/** Why this is no place to listen; null when it is one. */
export function wrongBind(text: string): string | null {
  if (/^https:/iu.test(text.trim()))
    return 'TLS is not spoken here: bind to http:// and let a proxy speak it';
  const bind = bindOf(text);
  if (bind.startsWith('unix:')) return bind.length > 5 ? null : 'unix: takes the path of a socket';
  const [, host = '', port = ''] = /^(.*):(\d+)$/u.exec(bind) ?? [];
  if (host === '' || /[/\s?#]/u.test(host)) return `it takes host:port, a port or unix:FILE, not ${text}`;
  return Number(port) <= 65_535 ? null : `there is no port ${port}`;
}

/** Nobody outside this computer can reach it. */
export function isInside(bind: string): boolean {
  return /^(?:unix:|127(?:\.\d{1,3}){3}:|\[::1\]:|localhost:)/u.test(bind);
}
