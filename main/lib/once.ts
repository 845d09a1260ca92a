/** Makes a value when it is first asked for, and keeps it: for what is the same as long as the process runs. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
