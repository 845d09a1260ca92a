import { echo } from './echo.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { stringAt } from './tree.ts';
import type { Json, TreeResult } from './tree.ts';

/** The body of a request: an object, whose first member of a name counts, as with RapidJSON. */
export type Document = {
  readonly body: Buffer;
  readonly root: Json & { readonly kind: 'object' };
};

/** The document of what was read, or why it is none. */
export function documentOf(body: Buffer, result: Exclude<TreeResult, { kind: 'large' }>): Read<Document> {
  if (body.length === 0) return refused('JSON Parse error: The document is empty');
  if (result.kind === 'malformed') {
    return refused(`JSON Parse error: ${result.reason} at offset: ${result.offset}`);
  }
  const { root } = result;
  if (root.kind !== 'object') return refused(`JSON Value: ${echo(body, root)} Is not object`);
  return read({ body, root });
}

/** A member by name. */
export function memberOf(object: Json & { readonly kind: 'object' }, name: string): Json | undefined {
  return object.members.find(([key]) => key === name)?.[1];
}

/** The signature that the request names; empty when it names none. */
export function signatureNameOf({ body, root }: Document): Read<string> {
  const value = memberOf(root, 'signature_name');
  if (value === undefined) return read('');
  if (value.kind === 'string') return read(stringAt(body, value));
  return formatError({ body, root }, "not formatted correctly. 'signature_name' key must be a string value.");
}

/** The whole request is not as it has to be. */
export function formatError({ body, root }: Document, reason: string): Read<never> {
  return refused(`JSON Value: ${echo(body, root)} ${reason}`);
}
