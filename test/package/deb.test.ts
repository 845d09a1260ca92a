import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCleanRoot } from './clean-root.ts';
import type { CleanRoot } from './clean-root.ts';
import { devtools, until } from './devtools.ts';
import { newFolder } from '../temp/folder.ts';

const checkout = resolve(import.meta.dirname, '../..');
const reason = whyNot();
const sample = '/opt/Outpost/resources/models/efficientnet-lite0/samples/chelsea.png';

/** Why this machine cannot try a package of Debian, or undefined where it can. */
function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'not Linux';
  if (process.getuid?.() !== 0) return 'not root';
  if (spawnSync('dpkg-deb', ['--version']).status !== 0) return 'no dpkg-deb';
  if (spawnSync('unshare', ['--mount', '--net', '--pid', '--fork', 'true']).status !== 0)
    return 'no namespaces';
  return undefined;
}

describe.skipIf(reason)(`a package of Debian${reason ? ` (${reason})` : ''}`, () => {
  let work: string;
  let clean: CleanRoot;
  let data: string;

  beforeAll(() => {
    work = newFolder('deb');
    // No network, so that nothing can be fetched.
    const made = spawnSync(
      'unshare',
      ['--net', process.execPath, 'tools/package.mjs', 'deb', '--out', join(work, 'made')],
      { cwd: checkout, encoding: 'utf8', timeout: 400_000 },
    );
    expect(made.status, made.stdout + made.stderr).toBe(0);
    clean = makeCleanRoot(join(work, 'root'));
    data = join(clean.folder, 'home/nobody/.local/share/outpost');
    const file = readdirSync(join(work, 'made')).find((name) => name.endsWith('.deb'));
    cpSync(join(work, 'made', file ?? ''), join(clean.folder, 'package/outpost.deb'));
    rmSync(join(work, 'made'), { recursive: true });
  });
  afterAll(() => {
    clean?.dispose();
    if (work) rmSync(work, { recursive: true, force: true });
  });

  it('says what it is, and lets itself be installed', () => {
    const reported = execFileSync('dpkg-deb', ['--field', join(clean.folder, 'package/outpost.deb')], {
      encoding: 'utf8',
    });
    expect(reported).toMatch(/^Package: outpost$/mu);
    expect(reported).toMatch(/^Depends: .*libgtk-3-0/mu);
    // The libraries are lent and not known to this package database.
    clean.asRoot(['dpkg', '--install', '--force-depends', '/package/outpost.deb']);
    expect(clean.asRoot(['dpkg-query', '--show', '--showformat', '${Status}', 'outpost'])).toContain(
      'ok installed',
    );
    expect(clean.asRoot(['readlink', '/usr/bin/outpost']).trim()).toBe('/opt/Outpost/bin/outpost');
    expect(clean.asRoot(['cat', '/opt/Outpost/resources/package-type'])).toBe('deb');
    const entry = clean.asRoot(['cat', '/usr/share/applications/outpost.desktop']);
    expect(entry).toMatch(/^MimeType=.*x-scheme-handler\/outpost/mu);
    expect(clean.asRoot(['cat', '/usr/share/mime/packages/outpost.xml'])).toContain('*.outpack');
  });

  it('answers in the terminal without a display, a network or Node', async () => {
    const none = await ended(
      clean.asPerson(['/bin/sh', '-c', 'command -v node || ls /sys/class/net || echo none']),
    );
    expect(none.out.trim()).toBe('none');
    const reported = await ended(clean.asPerson(['outpost', 'predict', sample]));
    expect(reported).toMatchObject({ code: 0 });
    const answer = JSON.parse(reported.out) as {
      result: { predictions: readonly { label: string; score: number }[] };
    };
    expect(answer.result.predictions[0]).toMatchObject({ label: 'tiger cat' });
    expect(reported.error).not.toMatch(/ERROR|dbus|gpu/iu);
    const list = await ended(clean.asPerson(['outpost', 'models', 'list', '--json']));
    expect(list).toMatchObject({ code: 0, error: '' });
    const lost = await ended(clean.asPerson(['outpost', 'predict', '/nothing.png']));
    expect(lost.code).toBe(2);
    expect((await ended(clean.asPerson(['outpost', 'predict', '--nonsense']))).code).toBe(1);
  });

  it('stops at Ctrl-C with the code of the signal', async () => {
    const script = `mkdir /tmp/many && for n in $(seq 400); do ln -s ${sample} /tmp/many/$n.png; done
      outpost predict /tmp/many --no-cache > /tmp/answers & p=$!
      while [ ! -s /tmp/answers ]; do sleep 0.1; done
      kill -INT $p; wait $p; echo "code $?"; rm -r /tmp/many /tmp/answers; ls -A /tmp`;
    const { out } = await ended(clean.asPerson(['/bin/sh', '-c', script]));
    expect(out.trim()).toBe('code 130');
  });

  it('opens its window as a normal user, sandboxed, and answers a sample in it', async () => {
    const script = `Xvfb :7 -screen 0 1280x900x24 -nolisten tcp > /dev/null 2>&1 3>&- 4>&- &
      while [ ! -S /tmp/.X11-unix/X7 ]; do sleep 0.1; done
      DISPLAY=:7 outpost --remote-debugging-pipe`;
    const child = clean.asPerson(['/bin/sh', '-c', script]);
    const end = ended(child);
    const browser = devtools(child);
    const value = await browser.openPage();
    const button = `[...document.querySelectorAll('button')].find((b) => /chelsea/.test(b.ariaLabel + b.textContent))`;
    await until(() => value<boolean>(`Boolean(${button})`));
    const pages = renderers();
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) expect(page).toEqual({ seccomp: '2', sandbox: true });
    await value(`${button}.click()`);
    await until(() => value<boolean>(`document.body.innerText.includes('tiger cat')`));
    expect(await value(`fetch('https://example.org').then(() => 'answered', () => 'refused')`)).toBe(
      'refused',
    );
    await browser.ask('Browser.close').catch(() => undefined);
    expect(await end).toMatchObject({ code: 0 });
  });

  it('is removed without the data', () => {
    expect(existsSync(join(data, 'outpost.db'))).toBe(true);
    clean.asRoot(['dpkg', '--purge', 'outpost']);
    for (const name of ['opt/Outpost', 'usr/bin/outpost'])
      expect(existsSync(join(clean.folder, name)), name).toBe(false);
    const left = [
      '/bin/sh',
      '-c',
      'ls /usr/share/applications /usr/share/mime/packages | grep outpost || echo gone',
    ];
    expect(clean.asRoot(left).trim()).toBe('gone');
    expect(existsSync(join(data, 'outpost.db'))).toBe(true);
    expect(existsSync(join(clean.folder, 'home/nobody/.cache/Microsoft')), 'a report of ONNX Runtime').toBe(
      false,
    );
  });
});

type Ended = { readonly code: number | null; readonly out: string; readonly error: string };

function ended(child: ChildProcess): Promise<Ended> {
  const output = { out: '', error: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.error += text));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...output }));
  });
}

/** What the kernel says of the pages of the installed program, seen from outside. */
function renderers() {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  return numbers.flatMap((number) => {
    const line = read(`/proc/${number}/cmdline`).split('\0').join(' ');
    if (!line.startsWith('/opt/Outpost/') || !line.includes('--type=renderer')) return [];
    const seccomp = /^Seccomp:\s+(\d)/mu.exec(read(`/proc/${number}/status`))?.[1];
    return [{ seccomp, sandbox: !line.includes('--no-sandbox') }];
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
