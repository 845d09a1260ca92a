import { useQuery } from '@tanstack/react-query';
import type { AccessToken, ApiModel, NewToken } from '../../contract/access.ts';
import { cell, useCell } from './cell.ts';
import { valueOf } from './client.ts';
import { useModelInUse } from './queries.ts';

/** The dialog of the API page: the wish for a token, then its text, which is told once. */
export type TokenDialog =
  | { readonly kind: 'form'; readonly name?: string; readonly models?: readonly string[] }
  /** `isCopied`: it may be closed; `warnings`: how often somebody wanted to close it before that. */
  | { readonly kind: 'made'; readonly made: NewToken; readonly isCopied: boolean; readonly warnings: number };
export const tokenDialog = cell<TokenDialog | null>(null);
/** Revoked just now; it can be taken back until something else is done. */
export const revoked = cell<AccessToken | null>(null);

export const exampleTongues = ['curl', 'python', 'javascript', 'r'] as const;
export type ExampleTongue = (typeof exampleTongues)[number];
export const exampleTongue = cell<ExampleTongue>('curl');
/** The model that the examples call; null: the one in use. */
export const exampleModel = cell<string | null>(null);

export const useApi = () =>
  useQuery({ queryKey: ['access', 'report'], queryFn: () => valueOf('access.report', undefined) });
export const useApiRequests = () =>
  useQuery({ queryKey: ['access', 'requests'], queryFn: () => valueOf('access.requests', undefined) });
export const useApiModels = () =>
  useQuery({ queryKey: ['models', 'api'], queryFn: () => valueOf('access.models', undefined) });

export function useExampleModel(): ApiModel | null {
  const models = useApiModels().data ?? [];
  const chosen = useCell(exampleModel);
  const inUse = useModelInUse()?.id;
  return models.find(({ id }) => id === chosen) ?? models.find(({ id }) => id === inUse) ?? models[0] ?? null;
}
