import type { TokenRequest } from '../../contract/serving/access.ts';
import { client } from '../state/client.ts';
import { revoked, tokenDialog } from '../state/access.ts';
import { changeSettings, copyText } from './ask-main.ts';
import { perform } from './perform.ts';

export const switchApi = (apiOn: boolean): Promise<void> => changeSettings({ apiOn });
export const tryApiAgain = (): Promise<unknown> => perform('access.start', undefined);

/** Answers on another port of this computer from now on. */
export const answerOnPort = (port: number): Promise<void> => changeSettings({ apiBind: `127.0.0.1:${port}` });

export async function createToken(options: TokenRequest): Promise<void> {
  const made = await perform('access.create', options);
  tokenDialog.set(made && { kind: 'made', made, isCopied: false, warnings: 0 });
  await refresh();
}

/** The text of the new token, or a line that holds it, onto the clipboard; from then on its dialog may be closed. */
export async function copyToken(text: string): Promise<void> {
  if (await copyText(text)) tokenIsCopied();
}
export const tokenIsCopied = (): void =>
  tokenDialog.set((now) => (now?.kind === 'made' ? { ...now, isCopied: true, warnings: 0 } : now));

/** Closes the dialog. A token is shown once, so the first attempt to close before it was copied only warns. */
export function leaveTokenDialog(): void {
  tokenDialog.set((now) =>
    now?.kind === 'made' && !now.isCopied ? { ...now, warnings: now.warnings + 1 } : null,
  );
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
