/** Makes a switch over a union exhaustive: a missing member does not compile, and an unexpected value throws. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
