/** `host:port` with what is left out filled in; `unix:FILE` as it is. */
export function bindOf(text: string): string {
  if (text.startsWith('unix:')) return text;
  if (/^\d+$/u.test(text)) return `127.0.0.1:${text}`;
  return /:\d+$/u.test(text) ? text : `${text}:8501`;
}

/** Nobody outside this computer can reach it. */
export function isInside(bind: string): boolean {
  return /^(?:unix:|127(?:\.\d{1,3}){3}:|\[::1\]:|localhost:)/u.test(bind);
}
