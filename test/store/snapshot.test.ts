import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openWritable } from '../../main/store/database.ts';
import { migrate, newestVersion, storeVersion } from '../../main/store/migrations/index.ts';
import { snapshotBefore } from '../../main/store/snapshot.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
const file = (name: string): string => path.join(folder, name);
beforeEach(() => {
  folder = newFolder();
});

/** A store as an earlier Outpost left it, open or closed. */
function plantStore(version: number, theme: string): void {
  const { handle, close } = openWritable(file('outpost.db'));
  handle.script(`PRAGMA application_id = ${0x4f_55_54_50}`);
  handle.script('PRAGMA journal_mode = WAL');
  migrate(handle, version);
  handle.run("INSERT INTO settings VALUES ('theme', ?)", JSON.stringify(theme));
  close();
}

describe('before a newer Outpost changes the form of the store', () => {
  it('a copy is made, and everything is carried over', async () => {
    plantStore(newestVersion - 1, 'dark');
    const store = await openTestStore(folder);
    expect((await store.settings()).theme).toBe('dark');
    await store.setSettings({ theme: 'light' });
    await store.close();
    const copy = openWritable(file(`outpost.v${newestVersion - 1}.db`));
    expect(storeVersion(copy.handle)).toBe(newestVersion - 1);
    expect(copy.handle.get("SELECT value FROM settings WHERE key = 'theme'")).toEqual({ value: '"dark"' });
    copy.close();
    const before = readFileSync(file(`outpost.v${newestVersion - 1}.db`));
    await (await openTestStore(folder)).close();
    expect(readFileSync(file(`outpost.v${newestVersion - 1}.db`)).equals(before)).toBe(true);
  });

  it('the copy holds what is in the log, and may be read by nobody else', async () => {
    plantStore(newestVersion - 1, 'dark');
    const { handle, close } = openWritable(file('outpost.db'));
    handle.run('UPDATE settings SET value = \'"light"\'');
    snapshotBefore(handle, file('outpost.db'));
    const copy = file(`outpost.v${newestVersion - 1}.db`);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    close();
    const { handle: copied, close: closeCopy } = openWritable(copy);
    expect(copied.get("SELECT value FROM settings WHERE key = 'theme'")).toEqual({ value: '"light"' });
    expect(copied.get('PRAGMA application_id')).toEqual({ application_id: 0x4f_55_54_50 });
    closeCopy();
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('the locks of this process on its store stay', async () => {
    plantStore(newestVersion - 1, 'dark');
    const { handle, close } = openWritable(file('outpost.db'));
    handle.get('SELECT count(*) FROM settings');
    const locks = (): string[] => {
      const inode = statSync(file('outpost.db')).ino;
      return readFileSync('/proc/locks', 'utf8')
        .split('\n')
        .filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${inode} `))
        .map((line) => line.replace(/^\d+: /u, ''));
    };
    const before = locks();
    expect(before.length).toBeGreaterThan(0);
    snapshotBefore(handle, file('outpost.db'));
    expect(locks()).toEqual(before);
    close();
  });

  it('a new store leaves no copy', async () => {
    await (await openTestStore(folder)).close();
    expect(existsSync(file(`outpost.v${newestVersion}.db`))).toBe(false);
  });
});

describe('back in the Outpost before', () => {
  it('the copy is opened and the newer store is left alone', async () => {
    plantStore(newestVersion, 'dark');
    rmSync(file('outpost.db-wal'), { force: true });
    const { handle, close } = openWritable(file('outpost.db'));
    handle.run('VACUUM INTO ?', file(`outpost.v${newestVersion}.db`));
    handle.script(`PRAGMA user_version = ${newestVersion + 1}`);
    close();
    const store = await openTestStore(folder);
    expect(store.state()).toEqual({ kind: 'ready', file: file(`outpost.v${newestVersion}.db`) });
    expect((await store.settings()).theme).toBe('dark');
    await store.setSettings({ theme: 'light' });
    await store.close();
    const again = await openTestStore(folder);
    expect((await again.settings()).theme).toBe('light');
    await again.close();
    const newer = openWritable(file('outpost.db'));
    expect(newer.handle.get("SELECT value FROM settings WHERE key = 'theme'")).toEqual({ value: '"dark"' });
    newer.close();
  });
});
