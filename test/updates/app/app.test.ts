import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { createAppUpdate } from '../../../main/updates/app/index.ts';
import type { AppUpdate, AppUpdateParts, AutoUpdaterPort } from '../../../main/updates/app/index.ts';
import type { AppOffer } from '../../../main/updates/types.ts';
import { newFolder } from '../../temp/folder.ts';

const signal = new AbortController().signal;
const installer = randomBytes(300_000);
const sha512 = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('base64');
const offer: AppOffer = {
  kind: 'app',
  version: '0.5.0',
  platform: 'linux-x64',
  file: 'Outpost-0.5.0.AppImage',
  note: '',
  publishedAt: '2026-11-20T12:00:00Z',
  size: installer.byteLength,
  sha256: createHash('sha256').update(installer).digest('hex'),
  sha512: sha512(installer),
};

/** A feed of electron-updater and what it does, down to the file that it leaves. */
class DownloadServer implements AutoUpdaterPort {
  autoDownload = true;
  autoInstallOnAppQuit = true;
  found: Awaited<ReturnType<AutoUpdaterPort['check']>> = {
    version: offer.version,
    files: [{ sha512: offer.sha512, size: offer.size }],
  };
  served = installer;
  done: string[] = [];
  readonly file: string;
  constructor(folder: string) {
    this.file = join(folder, 'pending.AppImage');
  }
  async check() {
    this.done.push('check');
    return this.found;
  }
  async download() {
    this.done.push('download');
    writeFileSync(this.file, this.served);
    return this.file;
  }
  quitAndInstall() {
    this.done.push('install');
  }
}

let folder = '';
let downloadServer: DownloadServer;
beforeEach(() => {
  folder = newFolder('app-update');
  downloadServer = new DownloadServer(folder);
  const db = new Database(store());
  db.exec("CREATE TABLE word (text TEXT); INSERT INTO word VALUES ('before')");
  db.close();
});
const store = (): string => join(folder, 'outpost.db');

/** As a program of this version would have it, over the real store file. */
function started(appVersion: string, given: Partial<AppUpdateParts> = {}): AppUpdate {
  return createAppUpdate({
    updater: downloadServer,
    appVersion,
    folder,
    snapshot: async (): Promise<Outcome<string>> => {
      const copy = join(folder, `outpost-${appVersion}.db`);
      const db = new Database(store());
      await db.backup(copy);
      db.close();
      return ok(copy);
    },
    restore: async (copy) => {
      renameSync(store(), `${store()}.aside`);
      copyFileSync(copy, store());
      return ok(undefined);
    },
    now: () => new Date('2026-11-23T12:00:00Z'),
    log: () => undefined,
    ...given,
  });
}
function word(text?: string): unknown {
  const db = new Database(store());
  if (text !== undefined) db.prepare('UPDATE word SET text = ?').run(text);
  const row = db.prepare('SELECT text FROM word').get() as { text: string };
  db.close();
  return row.text;
}
const codeOf = (outcome: Outcome<unknown>): string | null => (outcome.ok ? null : outcome.fault.code);

test('a signed installer is fetched, proved, and run after the store was copied', async () => {
  const update = started('0.4.0');
  expect([downloadServer.autoDownload, downloadServer.autoInstallOnAppQuit]).toEqual([false, false]);
  expect(await update.download(offer, { signal })).toEqual(ok(undefined));
  expect(update.state()).toEqual({ kind: 'ready', version: '0.5.0' });
  expect(await update.install()).toEqual(ok(undefined));
  expect(downloadServer.done).toEqual(['check', 'download', 'install']);
  expect(existsSync(join(folder, 'outpost-0.4.0.db'))).toBe(true);
});

describe('refused', () => {
  const other = sha512(Buffer.from('other'));
  test.each<[string, AutoUpdaterPort['check'] extends () => Promise<infer F> ? F : never]>([
    ['a feed that names another file', { version: '0.5.0', files: [{ sha512: other }] }],
    ['a feed that has another version', { version: '0.6.0', files: [{ sha512: offer.sha512 }] }],
    ['a feed that has nothing', null],
  ])('before a byte is fetched: %s', async (_what, found) => {
    downloadServer.found = found;
    const update = started('0.4.0');
    expect(codeOf(await update.download(offer, { signal }))).toBe('app-update-unverified');
    expect(downloadServer.done).toEqual(['check']);
    expect(codeOf(await update.install())).toBe('lifecycle-step');
  });

  test('a file with one other byte, which does not stay', async () => {
    downloadServer.served = Buffer.from(installer);
    downloadServer.served[7] = (downloadServer.served[7] ?? 0) ^ 1;
    const update = started('0.4.0');
    expect(codeOf(await update.download(offer, { signal }))).toBe('app-update-unverified');
    expect(existsSync(downloadServer.file)).toBe(false);
    expect(update.state()).toEqual({ kind: 'none' });
  });

  test('a file that was changed between the download and the installation', async () => {
    const update = started('0.4.0');
    await update.download(offer, { signal });
    writeFileSync(downloadServer.file, randomBytes(installer.byteLength));
    expect(codeOf(await update.install())).toBe('app-update-unverified');
    expect(downloadServer.done).not.toContain('install');
    expect(existsSync(join(folder, 'app-return.json'))).toBe(false);
  });

  test.each(['0.5.0', '0.5.1', '1.0.0'])('on %s, which is not older', async (version) => {
    expect(codeOf(await started(version).download(offer, { signal }))).toBe('version-not-newer');
    expect(downloadServer.done).toEqual([]);
  });

  test('a second download beside the first', async () => {
    const update = started('0.4.0');
    const [first, second] = await Promise.all([
      update.download(offer, { signal }),
      update.download(offer, { signal }),
    ]);
    expect([codeOf(first), codeOf(second)]).toEqual([null, 'lifecycle-step']);
  });
});

test('a cancelled download is not ready', async () => {
  const update = started('0.4.0');
  expect(codeOf(await update.download(offer, { signal: AbortSignal.abort() }))).toBe('cancelled');
  expect(update.state()).toEqual({ kind: 'none' });
});

test('without a copy of the store nothing is installed', async () => {
  const update = started('0.4.0', { snapshot: async () => failed('disk-full', { file: 'outpost.db' }) });
  await update.download(offer, { signal });
  expect(codeOf(await update.install())).toBe('disk-full');
  expect(downloadServer.done).not.toContain('install');
});

describe('going back to the version before', () => {
  beforeEach(async () => {
    const update = started('0.4.0');
    await update.download(offer, { signal });
    await update.install();
  });

  test('opens the copy, once; what the newer one wrote lies aside', async () => {
    expect(await started('0.5.0').comeBack()).toEqual(ok(false));
    word('after');
    expect(await started('0.5.0').comeBack()).toEqual(ok(false));
    expect(await started('0.4.0').comeBack()).toEqual(ok(true));
    expect(word()).toBe('before');
    expect(readFileSync(`${store()}.aside`).includes('after')).toBe(true);
    word('later');
    expect(await started('0.4.0').comeBack()).toEqual(ok(false));
    expect(word()).toBe('later');
  });

  test('leaves the store alone when the newer one never started', async () => {
    word('written meanwhile');
    expect(await started('0.4.0').comeBack()).toEqual(ok(false));
    expect(word()).toBe('written meanwhile');
  });

  test('leaves the store alone on a third version, and where the note is spoiled', async () => {
    expect(await started('0.5.0').comeBack()).toEqual(ok(false));
    expect(await started('0.6.0').comeBack()).toEqual(ok(false));
    writeFileSync(join(folder, 'app-return.json'), '{"from":');
    expect(await started('0.4.0').comeBack()).toEqual(ok(false));
    expect(word()).toBe('before');
  });

  test('a copy that cannot be opened is told, and tried again', async () => {
    await started('0.5.0').comeBack();
    const broken = started('0.4.0', { restore: async () => failed('disk-full', { file: 'outpost.db' }) });
    expect(codeOf(await broken.comeBack())).toBe('disk-full');
    expect(await started('0.4.0').comeBack()).toEqual(ok(true));
  });
});
