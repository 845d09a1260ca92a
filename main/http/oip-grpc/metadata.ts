import type { Metadata } from '@grpc/grpc-js';

/** The text under this name, the first where there are several. */
export function textOf(metadata: Metadata, name: string): string | undefined {
  const [value] = metadata.get(name);
  return typeof value === 'string' ? value : undefined;
}
