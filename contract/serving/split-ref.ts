/**
 * The parts of `id` or `id@version`, split at the first `@`; no version where there is none. Only for refs of packs: the
 * name of a bare model may contain an `@` itself. (Without zod, for the page.)
 */
export function splitRef(ref: string): { readonly id: string; readonly version?: string } {
  const [id = '', version] = ref.split('@', 2);
  return version === undefined ? { id } : { id, version };
}
