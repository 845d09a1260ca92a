import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandLine, copyPack, outpost, root } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const office = newFolder('feed-cli');
const at = (...steps: readonly string[]): string => path.join(office, ...steps);
const feed = at('feed');
const signing = ['--keys', at('keys'), '--passphrase-file', at('passphrase.txt')] as const;

beforeAll(async () => {
  writeFileSync(at('passphrase.txt'), 'a sentence nobody guesses\n');
  writeFileSync(at('wrong.txt'), 'another sentence\n');
  mkdirSync(at('anna'));
  copyPack('tensor-demo', at('pack'));
  const made = await outpost([
    'feed',
    'init',
    feed,
    '--publisher',
    'Northern Survey',
    ...signing,
    '--keys',
    `root-3=${at('anna')}`,
  ]);
  expect(made).toMatchObject({ code: 0, error: '' });
  expect(made.out).toMatch(/2 of 3 root keys/u);
  expect(made.out).toMatch(/(?:[0-9a-f]{4} ){15}[0-9a-f]{4}/u);
});

describe('outpost feed', () => {
  it('puts each key in the folder of who holds it, and none in the feed', async () => {
    expect(readdirSync(at('keys')).sort()).toEqual(['online.pem', 'packs.pem', 'root-1.pem', 'root-2.pem']);
    expect(readdirSync(at('anna'))).toEqual(['root-3.pem']);
    const reported = await outpost(['feed', 'keys', feed, '--keys', at('keys')]);
    expect(reported.code).toBe(0);
    expect(reported.out).toMatch(/root-3 +[0-9a-f]{16} +not at hand/u);
    expect(reported.out).toMatch(/packs +1 of 1 +packs +[0-9a-f]{16} +\S*packs\.pem/u);
    expect(reported.out).toMatch(/timestamp +valid until \d{4}-\d\d-\d\d/u);
    expect(readdirSync(feed, { recursive: true }).filter((name) => String(name).endsWith('.pem'))).toEqual(
      [],
    );
  });

  it('refuses a second feed in the same place', async () => {
    const again = await outpost(['feed', 'init', feed, '--publisher', 'Other', ...signing]);
    expect(again.code).toBe(1);
    expect(again.error).toContain('[feed-exists]');
  });

  it('adds, stages, promotes, revokes, bundles and verifies', async () => {
    const added = await outpost([
      'feed',
      'add',
      feed,
      at('pack'),
      ...signing,
      '--staging',
      '10',
      '--note',
      'First.',
    ]);
    expect(added).toMatchObject({ code: 0, error: '' });
    const model = /^(tensor-demo@\S+)/u.exec(added.out)?.[1] ?? '';
    expect(added.out).toMatch(/stable {2}10 %/u);
    expect((await outpost(['feed', 'stage', feed, model, '50', ...signing])).out).toBe(
      `${model} is offered to 50 % of devices.\n`,
    );
    expect((await outpost(['feed', 'promote', feed, model, '--channel', 'early', ...signing])).out).toBe(
      `${model} is on stable, early.\n`,
    );
    const bundled = await outpost(['feed', 'bundle', feed, '-o', at('one.outpost'), '--json']);
    expect(JSON.parse(bundled.out)).toMatchObject({ models: [model] });
    expect(existsSync(at('one.outpost'))).toBe(true);
    expect((await outpost(['feed', 'verify', feed])).out).toMatch(/^The feed is sound: 1 root, 1 pack/u);
    expect((await outpost(['feed', 'allow-rollback', feed, model, ...signing])).code).toBe(0);
    expect((await outpost(['feed', 'revoke', feed, model, '--reason', 'Wrong.', ...signing])).code).toBe(0);
    expect((await outpost(['feed', 'allow-rollback', feed, model, ...signing])).error).toContain(
      '[version-revoked]',
    );
  });

  it('changes nothing for a wrong passphrase, nor without any', async () => {
    const before = readFileSync(at('feed', 'metadata', 'timestamp.json'));
    const wrong = await outpost([
      'feed',
      'renew',
      feed,
      '--keys',
      at('keys'),
      '--passphrase-file',
      at('wrong.txt'),
    ]);
    expect(wrong.code).toBe(1);
    expect(wrong.error).toMatch(/The passphrase does not open packs\.pem\.\n.*\[key-passphrase\]/u);
    const none = await outpost(['feed', 'renew', feed, '--keys', at('keys')]);
    expect(none.error).toMatch(/--passphrase-file[^]*\[usage\]/u);
    expect(readFileSync(at('feed', 'metadata', 'timestamp.json'))).toEqual(before);
  });

  it('rotates a key, renews, and says all that is wrong with exit code 2', async () => {
    const rotated = await outpost(['feed', 'rotate', feed, '--role', 'packs', ...signing]);
    expect(rotated).toMatchObject({ code: 0, error: '' });
    expect(rotated.out).toMatch(/Root 2 has the new key packs-2/u);
    const root = await outpost(['feed', 'rotate', feed, '--role', 'root', '--replace', 'root-3', ...signing]);
    expect(root.out).toMatch(/Root 3 has the new key root-4[^]*root-3 signs nothing any more/u);
    const renewed = await outpost(['feed', 'expire', feed, '--timestamp', '7', ...signing]);
    expect(renewed).toMatchObject({ code: 0, error: '' });
    expect((await outpost(['feed', 'verify', feed])).code).toBe(0);
    rmSync(at('feed', 'metadata', '2.root.json'));
    const broken = await outpost(['feed', 'verify', feed]);
    expect(broken.code).toBe(2);
    expect(broken.error).toContain('[trust-root-gap]');
  });
});

/** Commands with a server, or of a version that the walk does not make. */
const notWalked = /rsync|pack-1\.3\.0/u;

it.runIf(process.platform === 'linux')(
  'docs/publish-a-model.md can be followed word by word',
  async () => {
    const page = readFileSync(path.join(root, 'docs', 'publish-a-model.md'), 'utf8');
    const blocks = [...page.matchAll(/^```\n([^]*?)^```$/gmu)].map(([, block = '']) => block);
    const reported = `$(outpost feed keys "$WALK/office/feed" --json | sed -n 's/.*"fingerprint": *"\\([0-9a-f]*\\)".*/\\1/p')`;
    const script = blocks
      .filter((block) => !notWalked.test(block))
      .join('\n')
      .replaceAll('"ab12 cd34 …"', reported)
      // Nobody is there to type a passphrase.
      .replaceAll(/--keys keys(?= |$)/gmu, '--keys keys --passphrase-file "$WALK/passphrase.txt"');
    const walk = newFolder('walk');
    writeFileSync(path.join(walk, 'passphrase.txt'), 'a sentence nobody guesses\n');
    const [, code = ''] = await commandLine();
    const outpostFunction = 'outpost() { "$NODE" -e "$CODE" -- "$@"; }\ncd "$WALK"\n';
    const env = {
      ...process.env,
      NO_COLOR: '1',
      NODE: process.execPath,
      CODE: code,
      WALK: walk,
      OUTPOST_DATA: path.join(walk, 'data'),
    };
    const ended = spawnSync('sh', ['-c', outpostFunction + script], { env, encoding: 'utf8' });
    const output = ended.stdout + ended.stderr;
    expect(ended.stderr.match(/\[[a-z-]+\]$/gmu)).toEqual(['[golden-failed]']);
    for (const args of [
      'Northern Survey is trusted on this computer.',
      'The feed is sound: 1 root, 1 pack',
      /1\.1\.0 +on trial: switch or keep 1\.1\.0 .* golden 7 of 7/u,
      /1\.1\.0 +answers .* bundle survey\.outpost, signed by Northern Survey/u,
      'efficientnet-lite0@1.2.0 gave 3 of 7 golden samples wrong on this computer',
      'efficientnet-lite0@1.2.0 is revoked',
      /timestamp +valid until/u,
    ])
      expect(output).toMatch(args);
  },
  240_000,
);
