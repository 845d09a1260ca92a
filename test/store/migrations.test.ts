import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWritable } from '../../main/store/database.ts';
import type { Opened, Writable } from '../../main/store/database.ts';
import { lookup, readRecord } from '../../main/store/records.ts';
import { history, verifyCache } from '../../main/store/cache.ts';
import type { FileIdentity } from '../../main/store/index.ts';
import { runRow } from '../../main/store/runs/items.ts';
import { resultKey } from '../../main/store/result-key.ts';
import { putTensorResult, tensorResult } from '../../main/store/tensor-results.ts';
import { migrate, migrations, newestVersion, storeVersion } from '../../main/store/migrations/index.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
let opened: Opened<Writable>;
let db: Writable;
beforeEach(() => {
  folder = newFolder();
  opened = openWritable(path.join(folder, 'outpost.db'));
  db = opened.handle;
});
afterEach(() => {
  opened.close();
});

const tables = (): string[] =>
  db
    .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .map((row) => row.name);
const addAnswer = (key: string, kept: number): void => {
  db.run("INSERT INTO inputs VALUES ('d', 5) ON CONFLICT DO NOTHING");
  db.run(
    `INSERT INTO answers (key, input, model, version, pack, variant, provider, settings, at, used_at, kept, size_bytes, record)
     VALUES (?, 'd', 'm', '1.0.0', 'p', 'fp32', 'cpu', '', '2026', 1, ?, 100, '{}')`,
    key,
    kept,
  );
};

it('migrations are numbered from 1 without gaps, and each table is strict', () => {
  expect(migrations.map((migration) => migration.version)).toEqual(migrations.map((_, n) => n + 1));
  migrate(db);
  expect(storeVersion(db)).toBe(newestVersion);
  const loose = db.all(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND strict = 0",
  );
  expect(loose).toEqual([]);
  migrate(db);
  expect(storeVersion(db)).toBe(newestVersion);
});

it('a step that fails leaves the version before it', () => {
  migrate(db, 1);
  db.script('CREATE TABLE run_labels (theirs TEXT) STRICT');
  expect(() => migrate(db)).toThrow('run_labels');
  expect([storeVersion(db), tables().includes('runs')]).toEqual([1, false]);
});

describe('0001 answers', () => {
  it('keeps sums by triggers', () => {
    migrate(db, 1);
    expect(tables()).toEqual(['answers', 'files', 'inputs', 'totals']);
    addAnswer('a', 0);
    addAnswer('b', 1);
    const sums = () => db.all('SELECT answers, kept, size_bytes FROM totals');
    expect(sums()).toEqual([{ answers: 2, kept: 1, size_bytes: 200 }]);
    db.run("UPDATE answers SET kept = 1, size_bytes = 150 WHERE key = 'a'");
    expect(sums()).toEqual([{ answers: 2, kept: 2, size_bytes: 250 }]);
    db.run('DELETE FROM answers');
    expect(sums()).toEqual([]);
    expect(() => db.run("INSERT INTO inputs VALUES ('e', 'many')")).toThrow('INTEGER');
  });
});

describe('0002 runs', () => {
  it('adds runs to a store with answers, which stay', () => {
    migrate(db, 1);
    addAnswer('a', 0);
    migrate(db, 2);
    expect(db.all('SELECT key FROM answers')).toEqual([{ key: 'a' }]);
    db.script('PRAGMA foreign_keys = ON');
    db.run("INSERT INTO runs (name, title, model, version, started_at) VALUES ('r1', '', '', '', '')");
    db.run("INSERT INTO run_labels VALUES (1, 'cat', 2)");
    expect(() => db.run("INSERT INTO run_labels VALUES (7, 'cat', 2)")).toThrow('FOREIGN KEY');
    db.run('DELETE FROM runs');
    expect(db.all('SELECT * FROM run_labels')).toEqual([]);
  });
});

describe('0003 preferences', () => {
  it('adds what was chosen and measured', () => {
    migrate(db, 3);
    expect(tables()).toEqual(
      expect.arrayContaining(['golden_results', 'provider_reports', 'settings', 'shape_reports']),
    );
    db.run("INSERT INTO settings VALUES ('theme', '\"dark\"')");
    expect(() => db.run("INSERT INTO settings VALUES ('theme', '1')")).toThrow('UNIQUE');
  });
});

describe('0004 openings', () => {
  it('adds who has the store open', () => {
    migrate(db, 4);
    db.run(
      "INSERT INTO openings (pid, process_started_ms, opened_ms, app_version) VALUES (1, 2, 3, '0.1.0')",
    );
    expect(db.all('SELECT id, pid FROM openings')).toEqual([{ id: 1, pid: 1 }]);
  });
});

describe('0005 lifecycle', () => {
  it('adds versions, ratchets, confirmations and comparisons to a store with answers, which stay', () => {
    migrate(db, 4);
    addAnswer('a', 0);
    const before = tables();
    migrate(db, 5);
    expect(tables().filter((name) => !before.includes(name))).toEqual([
      'canaries',
      'confirmations',
      'denied',
      'lifecycle_events',
      'pointers',
      'policies',
      'ratchets',
      'trial_items',
      'trials',
      'versions',
    ]);
    expect(db.all('SELECT key FROM answers')).toEqual([{ key: 'a' }]);
    expect(() => db.run("INSERT INTO ratchets VALUES ('root', 'three')")).toThrow('INTEGER');
    db.script('PRAGMA foreign_keys = ON');
    db.run("INSERT INTO trials VALUES ('t1', 'm', '1.1.0', '2026', '{}')");
    db.run("INSERT INTO trial_items VALUES ('t1', 0, 'cat', 'better', '{}')");
    expect(() => db.run("INSERT INTO trial_items VALUES ('t2', 0, 'cat', 'better', '{}')")).toThrow(
      'FOREIGN KEY',
    );
    db.run('DELETE FROM trials');
    expect(db.all('SELECT * FROM trial_items')).toEqual([]);
  });

  it('finds what it lists by an index, however much there is', () => {
    migrate(db, 5);
    const plan = (sql: string): string =>
      db
        .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .map(({ detail }) => detail)
        .join('; ');
    for (const sql of [
      "SELECT version, answers FROM totals WHERE model = 'm'",
      "SELECT * FROM confirmations WHERE model = 'm' ORDER BY at DESC LIMIT 5",
      "SELECT event FROM lifecycle_events WHERE model = 'm' ORDER BY id DESC LIMIT 5",
      "SELECT id FROM trials WHERE model = 'm' ORDER BY at DESC LIMIT 20",
    ])
      expect(plan(sql)).toMatch(/^SEARCH \w+ USING (?:COVERING )?(?:INDEX|PRIMARY KEY)[^;]*$/u);
  });
});

describe('0009 joining', () => {
  it('adds whether rows may run together to a store with what was measured, which stays', () => {
    migrate(db, 8);
    db.run("INSERT INTO shape_reports VALUES ('d', 'm', '{}')");
    migrate(db, 9);
    db.run("INSERT INTO join_verdicts VALUES ('d', 'm', '{}')");
    expect(() => db.run("INSERT INTO join_verdicts VALUES ('d', 'm', '{}')")).toThrow('UNIQUE');
    expect(db.all('SELECT model FROM shape_reports')).toEqual([{ model: 'm' }]);
  });
});

describe('0010 answer method', () => {
  it('keeps what was answered before readable and verified, and finds it for no request any more', () => {
    const parts = { input: 'd', pack: 'p', variant: 'fp32', provider: 'cpu', settings: 's' };
    // As stores before this step named answers.
    const sha = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
    const oldKey = sha('{"input":"d","pack":"p","provider":"cpu","settings":"s","variant":"fp32"}');
    const file: FileIdentity = { path: '/a.jpg', size: 5, mtimeNs: 1n, inode: 2n };
    migrate(db, 9);
    db.run("INSERT INTO inputs VALUES ('d', 5)");
    db.run("INSERT INTO files VALUES ('/a.jpg', 5, 1, 2, 'd')");
    db.run(
      `INSERT INTO answers (key, input, model, version, pack, variant, provider, settings, label, score, at, used_at, kept, size_bytes, record)
       VALUES (?, 'd', 'm', '1.0.0', 'p', 'fp32', 'cpu', 's', 'cat', 0.9, '2026', 1, 1, 100, ?)`,
      oldKey,
      JSON.stringify({ digest: 'd', packDigest: 'p', model: 'm' }),
    );
    db.run(
      `INSERT INTO tensor_answers (key, input, model, version, pack, variant, provider, settings, at, used_at, size_bytes, digest, outputs)
       VALUES (?, 'd', 'm', '1.0.0', 'p', 'fp32', 'cpu', 's', '2026', 1, 10, ?, ?)`,
      oldKey,
      `${createHash('sha256').update('out').digest('hex')}`,
      Buffer.from('out'),
    );
    db.run("INSERT INTO confirmations VALUES ('d', 'm', 'cat', 'cat', '/a.jpg', '2026')");

    migrate(db);
    expect(lookup(db, file, parts)).toMatchObject({ digest: 'd', record: null });
    expect(tensorResult(db, resultKey(parts))).toBeNull();
    expect(history(db, { limit: 9 })).toMatchObject([{ key: oldKey, label: 'cat', kept: true }]);
    expect(readRecord(db, oldKey)).toMatchObject({ model: 'm' });
    expect(db.all('SELECT label FROM confirmations')).toEqual([{ label: 'cat' }]);
    expect(verifyCache(db)).toMatchObject({ checked: 2, damaged: [] });

    // Answered anew beside it.
    putTensorResult(
      db,
      {
        key: resultKey(parts),
        entry: { ...parts, model: 'm', version: '1.0.0', at: '2027', outputs: Buffer.from('new') },
      },
      2,
    );
    expect(tensorResult(db, resultKey(parts))).toEqual(Buffer.from('new'));
    expect(verifyCache(db)).toMatchObject({ checked: 3, damaged: [] });
    db.run('UPDATE tensor_answers SET method = 0 WHERE key = ?', resultKey(parts));
    expect(verifyCache(db).damaged.map(({ key }) => key)).toEqual([resultKey(parts)]);
  });
});

describe('0011 trial verdicts', () => {
  it('drops comparisons whose sums mix two meanings, and nothing that a person did', () => {
    migrate(db, 10);
    db.run("INSERT INTO trials VALUES ('t1', 'm', '1.1.0', '2026', '{}')");
    db.run("INSERT INTO trial_items VALUES ('t1', 0, 'cat', 'agree', '{}')");
    db.run("INSERT INTO confirmations VALUES ('d', 'm', 'cat', 'cat', '/a.jpg', '2026')");
    addAnswer('k', 1);
    migrate(db, 11);
    expect([db.all('SELECT * FROM trials'), db.all('SELECT * FROM trial_items')]).toEqual([[], []]);
    expect(db.all('SELECT label FROM confirmations')).toEqual([{ label: 'cat' }]);
    expect(db.all('SELECT key FROM answers')).toEqual([{ key: 'k' }]);
  });
});

describe('0012 label ids', () => {
  it('gives what was answered before the id of its first label, and leaves what cannot be read as it is', () => {
    migrate(db, 11);
    addAnswer('cat', 0);
    addAnswer('none', 1);
    addAnswer('damaged', 0);
    const record = (key: string, text: string): number =>
      db.run('UPDATE answers SET record = ? WHERE key = ?', text, key);
    record('cat', JSON.stringify({ result: { predictions: [{ id: 'n02123045' }, { id: 'n02124075' }] } }));
    record('none', JSON.stringify({ result: { predictions: [] } }));
    record('damaged', '{"result":');
    migrate(db);
    expect(db.all('SELECT key, label_id AS id, kept FROM answers ORDER BY key')).toEqual([
      { key: 'cat', id: 'n02123045', kept: 0 },
      { key: 'damaged', id: null, kept: 0 },
      { key: 'none', id: null, kept: 1 },
    ]);
    expect(readRecord(db, 'cat')?.result).toEqual({
      predictions: [{ id: 'n02123045' }, { id: 'n02124075' }],
    });
  });
});

describe('0014 run journal', () => {
  it('leaves the runs and rows that were there, ended and to be looked at only', () => {
    migrate(db, 13);
    db.run(
      "INSERT INTO runs (name, title, model, version, started_at, items) VALUES ('r1', 'Old', 'm', '1', '', 1)",
    );
    db.run(
      "INSERT INTO run_items (run, seq, path, name, cached, search) VALUES (1, 0, '/a/b.jpg', 'b.jpg', 1, 'b.jpg')",
    );
    migrate(db);
    expect(db.all('SELECT state, owner, request, found, from_cache, removed_by FROM runs')).toEqual([
      { state: 'stopped', owner: null, request: null, found: 1, from_cache: 1, removed_by: null },
    ]);
    expect(runRow(db, 1, 0)).toMatchObject({ path: '/a/b.jpg', name: 'b.jpg' });
    expect(tables()).toContain('run_inputs');
  });
});

describe('0015 watched and intakes', () => {
  it('adds what folders and cards need; what belongs to a run or a copy goes with it', () => {
    migrate(db, 14);
    db.run(
      "INSERT INTO runs (id, name, title, model, version, started_at) VALUES (1, 'r1', 'Old', 'm', '1', '')",
    );
    migrate(db, 15);
    db.run("INSERT INTO run_watched VALUES (1, 'a.jpg', 5, '1764399600123456789', NULL)");
    db.run("INSERT INTO intakes (id, target, started_at) VALUES (1, '/copies/one', '')");
    db.run("INSERT INTO intake_files VALUES (1, 'DCIM/a.jpg', 5, 7, 'sha256:00', NULL)");
    expect(() => db.run("INSERT INTO intakes (target, started_at) VALUES ('/copies/one', '')")).toThrow(
      'UNIQUE',
    );
    expect(db.all('SELECT name, state FROM runs')).toEqual([{ name: 'r1', state: 'stopped' }]);
    db.script('PRAGMA foreign_keys = ON');
    db.run('DELETE FROM runs');
    db.run('DELETE FROM intakes');
    expect([...db.all('SELECT * FROM run_watched'), ...db.all('SELECT * FROM intake_files')]).toEqual([]);
  });
});

describe('0016 cameras', () => {
  it('leaves items without a camera, and what is told of folders goes with their run', () => {
    migrate(db, 15);
    db.run(
      "INSERT INTO runs (id, name, title, model, version, started_at, items) VALUES (1, 'r1', 'Old', 'm', '1', '', 1)",
    );
    db.run(
      "INSERT INTO run_items (run, seq, path, name, cached, search) VALUES (1, 0, '/a/b.jpg', 'b.jpg', 1, 'b.jpg')",
    );
    migrate(db, 16);
    expect(db.all('SELECT name, camera FROM run_items')).toEqual([{ name: 'b.jpg', camera: null }]);
    db.run("INSERT INTO run_folders (run, folder, site) VALUES (1, '', 'Ridge')");
    expect(() => db.run("INSERT INTO run_folders (run, folder) VALUES (1, '')")).toThrow('UNIQUE');
    db.script('PRAGMA foreign_keys = ON');
    db.run('DELETE FROM run_items');
    db.run('DELETE FROM runs');
    expect(db.all('SELECT * FROM run_folders')).toEqual([]);
  });
});

describe('0017 run pages', () => {
  it('counts the empty items of runs that were there, and leaves their rows', () => {
    migrate(db, 16);
    db.run(
      "INSERT INTO runs (id, name, title, model, version, started_at, items) VALUES (1, 'r1', 'Old', 'm', '1', '', 3)",
    );
    for (const [seq, label, fault] of [
      [0, 'lynx', null],
      [1, null, null],
      [2, null, '{}'],
    ] as const)
      db.run(
        "INSERT INTO run_items (run, seq, path, name, label, fault, cached, search) VALUES (1, ?, 'b.jpg', 'b.jpg', ?, ?, 1, '')",
        seq,
        label,
        fault,
      );
    migrate(db, 17);
    expect(db.all('SELECT items, empty FROM runs')).toEqual([{ items: 3, empty: 1 }]);
    expect(db.all('SELECT seq, is_fault FROM run_items WHERE is_fault <> 0')).toEqual([
      { seq: 2, is_fault: 1 },
    ]);
    migrate(db);
    expect([0, 1, 2].map((seq) => runRow(db, 1, seq)?.label)).toEqual(['lynx', null, null]);
  });
});

it('0018 run origins: items that were there have their folder, their site, their camera and their time', () => {
  migrate(db, 17);
  db.run(
    "INSERT INTO runs (id, name, title, model, version, started_at, items) VALUES (1, 'r1', 'Old', 'm', '1', '', 5)",
  );
  for (const [seq, input] of ['/media/CARD 7', '/media/CARD 7/DCIM/100ACME_', '/one/by one/c.jpg'].entries())
    db.run('INSERT INTO run_inputs (run, seq, path) VALUES (1, ?, ?)', seq, input);
  const acme = JSON.stringify({ make: 'Acme', serial: 'SN-77', takenAt: '2026-05-01T23:59:30' });
  const items = [
    [0, 'ridge/DCIM/100ACME_/a.jpg', acme],
    [0, 'DCIM/100ACME_/a.jpg', acme.replace('05-01', '04-01')],
    [1, 'b.jpg', null],
    [2, 'c.jpg', null],
    [null, '/before/inputs/d.jpg', '{"make":"Acme"}'],
  ] as const;
  for (const [seq, [input, name, camera]] of items.entries())
    db.run(
      "INSERT INTO run_items (run, seq, input, path, name, camera, cached, search) VALUES (1, ?, ?, ?, ?, ?, 1, '')",
      seq,
      input,
      input === 2 ? '' : name,
      name
        .split('/')
        .slice(input === null ? -1 : 0)
        .join('/'),
      camera,
    );
  migrate(db, 18);
  const rows = db.all(
    `SELECT o.folder, o.site, o.make, o.serial, i.taken, o.items FROM run_items i JOIN run_origins o ON o.id = i.origin AND o.run = i.run
       ORDER BY i.seq`,
  );
  const none = { make: '', serial: '', taken: null, items: 1 };
  const card = { make: 'Acme', serial: 'SN-77', items: 1 };
  const takenAt = (text: string): number => Date.parse(text) / 1000;
  expect(rows).toEqual([
    { ...card, folder: 'ridge/DCIM/100ACME_', site: 'ridge', taken: takenAt('2026-05-01T23:59:30Z') },
    { ...card, folder: 'DCIM/100ACME_', site: 'CARD 7', taken: takenAt('2026-04-01T23:59:30Z') },
    { ...none, folder: '', site: 'CARD 7' },
    { ...none, folder: '', site: 'by one' },
    { ...none, folder: '', site: 'site', make: 'Acme' },
  ]);
  expect(db.all('SELECT first_taken, last_taken FROM run_origins WHERE site = ?', 'ridge')).toEqual([
    { first_taken: takenAt('2026-05-01T23:59:30Z'), last_taken: takenAt('2026-05-01T23:59:30Z') },
  ]);
  db.script('PRAGMA foreign_keys = ON');
  db.run('DELETE FROM runs');
  expect(db.all('SELECT * FROM run_origins')).toEqual([]);
});

it('0019 run slowed: runs that were there are not; 0020 watched files: known by size and time', () => {
  migrate(db, 18);
  db.run("INSERT INTO runs (name, title, model, version, started_at) VALUES ('r1', 'Old', 'm', '1', '')");
  migrate(db, 19);
  expect(db.all('SELECT name, slowed_by FROM runs')).toEqual([{ name: 'r1', slowed_by: null }]);
  migrate(db, 20);
  const plan = 'EXPLAIN QUERY PLAN SELECT path FROM run_watched WHERE run = 1 AND size = 2 AND mtime = 3';
  expect(JSON.stringify(db.all(plan))).toContain('run_watched_files');
});
