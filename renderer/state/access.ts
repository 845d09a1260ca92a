import { useQuery } from '@tanstack/react-query';
import type { AccessToken, ApiModel, NewToken } from '../../contract/serving/access.ts';
import { cell, useCell } from './cell.ts';
import { valueOf } from './client.ts';
import { useModelInUse } from './queries.ts';

/** The token dialog: a request for a token, then its text, which is shown once. */
export type TokenDialog =
  | { readonly kind: 'form'; readonly name?: string; readonly models?: readonly string[] }
  /** `isCopied`: the dialog may be closed; `warnings`: how often closing it was attempted before. */
  | { readonly kind: 'made'; readonly made: NewToken; readonly isCopied: boolean; readonly warnings: number };
export const tokenDialog = cell<TokenDialog | null>(null);
/** The token revoked last; it can be restored until the next action. */
export const revoked = cell<AccessToken | null>(null);

export const exampleTongues = ['curl', 'python', 'javascript', 'r'] as const;
export type ExampleTongue = (typeof exampleTongues)[number];
export const exampleTongue = cell<ExampleTongue>('curl');
/** The model used in the examples; null: the one in use. */
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
