import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { symlink, truncate, writeFile } from 'node:fs/promises';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metadataLimitBytes } from '../../../contract/lifecycle/feed.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { openHttp } from '../../../main/updates/sources/http.ts';
import { openSource } from '../../../main/updates/sources/open-source.ts';
import { bundle, sha256 } from '../../fixtures/feed-builder.ts';
import { codeOf, Desk, kinds, NodeExecutor, nothingHere } from './desk.ts';

let desk: Desk;
const bytes = Buffer.from('pack birds 1.0.0');
const target = { name: 'birds/birds-1.0.0.outpack', size: bytes.byteLength, sha256: sha256(bytes) };
const signal = new AbortController().signal;
const executor = new NodeExecutor();

beforeEach(async () => {
  desk = await Desk.open();
  await desk.feed.root();
  await desk.feed.publish();
  desk.trustFirstRoot();
});
afterEach(() => desk.close());

async function checkAt(address: string): Promise<Outcome<unknown>> {
  const updates = await desk.updates();
  return updates.check({ source: { kind: 'http', address }, here: nothingHere }, { signal });
}
const serve = (listener: RequestListener): Promise<string> => desk.listen(createServer(listener));

describe.each(kinds)('a target in a %s', (kind) => {
  it('lies where its name and hash say', async () => {
    const source = await openSource(await desk.source(kind), executor);
    if (!source.ok) throw new Error(source.fault.message);
    const place = await source.value.placeOf(target);
    if (!place.ok) throw new Error(place.fault.message);
    if (place.value.kind === 'url') {
      expect(place.value.url.pathname).toBe(`/models/targets/birds/${target.sha256}.birds-1.0.0.outpack`);
      expect(await (await fetch(place.value.url)).text()).toBe(bytes.toString());
    } else {
      const { path, start, size } = place.value;
      expect((await readFile(path)).subarray(start, start + size)).toEqual(bytes);
    }
    await source.value.close();
  });

  it('has no place under a name that is not strict', async () => {
    const source = await openSource(await desk.source(kind), executor);
    if (!source.ok) throw new Error(source.fault.message);
    for (const wrong of [
      { ...target, name: '../../etc/passwd' },
      { ...target, name: 'https://evil.example/x' },
      { ...target, sha256: '../x' },
    ])
      expect(codeOf(await source.value.placeOf(wrong))).toBe('trust-malformed');
    if (kind !== 'http') {
      expect(codeOf(await source.value.placeOf({ ...target, size: 3 }))).toBe('trust-digest');
      const absent = { ...target, sha256: '0'.repeat(64) };
      expect(codeOf(await source.value.placeOf(absent))).toBe('trust-target-missing');
    }
    await source.value.close();
  });
});

describe('a web server', () => {
  it('that sends elsewhere is not followed', async () => {
    let asked = 0;
    const other = await serve((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const address = await serve((request, response) => {
      response.writeHead(302, { location: `${other}${request.url}` }).end();
    });
    expect(await checkAt(address)).toMatchObject({
      fault: { code: 'download-redirected', params: { host: new URL(other).host } },
    });
    expect(asked).toBe(0);
  });

  it('may send to another place of its own', async () => {
    const feed = await desk.serve();
    const path = new URL(feed).pathname;
    const address = await serve((request, response) => {
      const url = request.url ?? '';
      if (!url.startsWith('/moved')) return void response.writeHead(301, { location: `/moved${url}` }).end();
      void fetch(`${new URL(feed).origin}${path}${url.slice('/moved'.length)}`).then(async (answer) => {
        response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    expect(codeOf(await checkAt(address))).toBe('sound');
  });

  it('that sends round in a circle is left', async () => {
    const address = await serve((request, response) => {
      response.writeHead(302, { location: request.url ?? '/' }).end();
    });
    expect(codeOf(await checkAt(address))).toBe('download-redirected');
  });

  it('that announces too much is not read', async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': String(metadataLimitBytes * 100) });
      response.write('{');
    });
    expect(codeOf(await checkAt(address))).toBe('trust-malformed');
  });

  it('that never ends is cut off', async () => {
    const address = await serve((_request, response) => {
      const more = (): void => {
        if (response.write(Buffer.alloc(256 * 1024, 32))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    expect(codeOf(await checkAt(address))).toBe('trust-malformed');
  });

  it.each([500, 401, 429, 206, 204])('that answers %i is told', async (status) => {
    const address = await serve((_request, response) => void response.writeHead(status).end());
    expect(await checkAt(address)).toMatchObject({ fault: { code: 'download-refused', params: { status } } });
  });

  it('that drops the connection is told', async () => {
    const address = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"sign');
      setTimeout(() => request.socket.destroy(), 20);
    });
    expect(codeOf(await checkAt(address))).toBe('feed-unreachable');
  });

  it('that is not there is told', async () => {
    expect(codeOf(await checkAt('http://127.0.0.1:9/models'))).toBe('feed-unreachable');
    expect(codeOf(await checkAt('not an address'))).toBe('feed-not-found');
    expect(codeOf(await checkAt('file:///etc'))).toBe('feed-not-found');
    expect(codeOf(await checkAt('http://name:secret@127.0.0.1/models'))).toBe('feed-not-found');
  });

  it('that falls silent, or trickles, is left', async () => {
    const silent = await serve(() => undefined);
    const trickling = await serve((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    for (const [address, silentForMs, longestMs] of [
      [silent, 200, 10_000],
      [trickling, 10_000, 400],
    ] as const) {
      const source = openHttp(address, executor, { silentForMs, longestMs });
      if (!source.ok) throw new Error(source.fault.message);
      const read = await source.value.readMetadata('timestamp.json', { limitBytes: 1000, signal });
      expect(codeOf(read)).toBe('download-stalled');
    }
  });

  it('is let go of when somebody stops', async () => {
    const address = await serve(() => undefined);
    const stop = new AbortController();
    const updates = await desk.updates();
    const pending = updates.check(
      { source: { kind: 'http', address }, here: nothingHere },
      { signal: stop.signal },
    );
    setTimeout(() => stop.abort(), 100);
    expect(codeOf(await pending)).toBe('cancelled');
  });
});

describe('a folder', () => {
  it('without a feed says so', async () => {
    expect(
      codeOf(
        await desk
          .updates()
          .then((updates) =>
            updates.check({ source: { kind: 'folder', path: desk.folder }, here: nothingHere }, { signal }),
          ),
      ),
    ).toBe('feed-not-found');
    await rm(desk.feed.folder, { recursive: true });
    expect(codeOf(await desk.check('folder'))).toBe('feed-not-found');
  });

  it('with a link in it is not followed out of it', async () => {
    const file = join(desk.feed.folder, 'metadata/timestamp.json');
    await writeFile(join(desk.folder, 'elsewhere.json'), await readFile(file));
    await rm(file);
    await symlink(join(desk.folder, 'elsewhere.json'), file);
    expect(codeOf(await desk.check('folder'))).toBe('trust-malformed');
  });
});

describe('a bundle', () => {
  const path = (): string => join(desk.folder, 'bad.outpost');
  const check = async (): Promise<Outcome<unknown>> => {
    const updates = await desk.updates();
    return updates.check({ source: { kind: 'bundle', path: path() }, here: nothingHere }, { signal });
  };

  it('that is compressed is refused', async () => {
    await desk.feed.write('metadata/1.targets.json', ' '.repeat(5000));
    await bundle(desk.feed.folder, path(), { compress: true });
    expect(codeOf(await check())).toBe('archive-not-stored');
  });

  it.each([
    'metadata/evil.sh',
    'extra.txt',
    'targets/birds/plain.outpack',
    `targets/${'0'.repeat(64)}.outpack`,
    `targets/birds/${'0'.repeat(64)}.moths-1.0.0.outpack`,
    `targets/a/b/${'0'.repeat(64)}.b-1.0.0.outpack`,
    'metadata/timestamp.json',
  ])('with %s in it is refused', async (name) => {
    await bundle(desk.feed.folder, path(), { extra: [[name, Buffer.from('x')]] });
    expect(codeOf(await check())).toBe('archive-unreadable');
  });

  it('with a name that leads out is refused', async () => {
    await bundle(desk.feed.folder, path(), { extra: [['metadata/XX.root.json', Buffer.from('x')]] });
    const whole = await readFile(path());
    for (let at = whole.indexOf('metadata/XX'); at >= 0; at = whole.indexOf('metadata/XX'))
      whole.write('../../../XX', at, 'latin1');
    await writeFile(path(), whole);
    expect(codeOf(await check())).toBe('archive-unreadable');
  });

  it('that was cut short, or is something else, is refused', async () => {
    await bundle(desk.feed.folder, path());
    await truncate(path(), 500);
    expect(codeOf(await check())).toBe('archive-unreadable');
    await writeFile(path(), 'hello');
    expect(codeOf(await check())).toBe('archive-unreadable');
    await rm(path());
    expect(codeOf(await check())).toBe('file-not-found');
  });
});
