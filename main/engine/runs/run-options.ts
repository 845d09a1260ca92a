import type { StoredRunRequest } from '../../store/index.ts';

const names = ['variant', 'provider', 'decode', 'thorough', 'useCache', 'top'] as const;
export type RunOptions = Pick<StoredRunRequest, (typeof names)[number]>;

/** What of a request is stored with its run beside model and inputs, and holds for each of its items. */
export const optionsOf = (request: { readonly [N in keyof RunOptions]?: unknown }): RunOptions =>
  Object.fromEntries(
    names.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]]])),
  ) as RunOptions;
