import type { TokenWish } from '../../contract/access.ts';
import { client } from '../state/client.ts';
import { revoked, tokenDialog } from '../state/access.ts';
import { changeSettings } from './ask-main.ts';
import { perform } from './perform.ts';

export const switchApi = (apiOn: boolean): Promise<void> => changeSettings({ apiOn });
export const tryApiAgain = (): Promise<unknown> => perform('access.start', undefined);

/** Answers on another port of this computer from now on. */
export const answerOnPort = (port: number): Promise<void> => changeSettings({ apiBind: `127.0.0.1:${port}` });

export async function createToken(wish: TokenWish): Promise<void> {
  const made = await perform('access.create', wish);
  tokenDialog.set(made && { kind: 'made', made });
  await refresh();
}

export async function revokeToken(id: string): Promise<void> {
  const token = await perform('access.revoke', { id });
  if (token) revoked.set(token);
  await refresh();
}

export async function restoreToken(id: string): Promise<void> {
  const token = await perform('access.restore', { id });
  if (token) revoked.set(null);
  await refresh();
}

export async function decide(id: string, isAllowed: boolean): Promise<void> {
  await perform('access.decide', { id, isAllowed });
  await refresh();
}

export const openApiPage = (page: 'docs' | 'openapi.json'): Promise<unknown> =>
  perform('access.open', { page });

const refresh = () => client.invalidateQueries({ queryKey: ['access'] });
