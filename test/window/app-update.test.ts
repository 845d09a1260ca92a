import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { authorityFile, FeedServer } from '../fixtures/feed-server.ts';
import { value } from './bridge.ts';
import { openOffice, trustOffice } from './office.ts';
import { expect, test } from './program.ts';

const officeName = 'feeds.northfield.example';

for (const scheme of ['http', 'https'] as const)
  test(`Outpost's own update is fetched over ${scheme} until it is ready to be installed`, async ({
    open,
    folder,
  }) => {
    test.setTimeout(120_000);
    const office = await openOffice(folder);
    const installer = writeInstaller(folder, '9.0.0');
    await office.publishApp(installer, '9.0.0');
    const server = await new FeedServer(office.feed, scheme).open();
    const proxy = await openProxy(server);
    try {
      // As the AppImage's own start sets it; the office's authority stands in the store of the system.
      const env = { APPIMAGE: path.join(folder, 'Outpost.AppImage'), SSL_CERT_FILE: authorityFile };
      const { app, page, data } = await open({ env });
      await asInstalled(app);
      await trustOffice({ app, page, office, address: server.address });
      await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
      await getUpdate(page, '9.0.0');
      expect(packagesOf(server)).toHaveLength(1);
      expect(fetched(data, 'Outpost-9.0.0.AppImage')).toEqual(readFileSync(installer));
      if (scheme === 'https') return;

      // The next one from a server that is known to the system's proxy alone.
      await office.publishApp(writeInstaller(folder, '9.1.0'), '9.1.0');
      await app.evaluate(
        ({ session }, proxyRules) => session.defaultSession.setProxy({ proxyRules }),
        `http=127.0.0.1:${proxy.port}`,
      );
      await value(page, 'settings.set', { feed: `http://${officeName}/` });
      await page.getByRole('button', { name: 'Check now' }).click();
      expect(await value(page, 'updates.appGet')).toEqual({ kind: 'ready', version: '9.1.0' });
      expect(proxy.asked.filter((url) => url.endsWith('.AppImage'))).toHaveLength(1);
      expect(fetched(data, 'Outpost-9.1.0.AppImage').byteLength).toBe(300_000);
    } finally {
      proxy.close();
      await server.close();
    }
  });

async function getUpdate(page: Page, version: string): Promise<void> {
  const row = page.locator('.setting-row').filter({ hasText: `Outpost ${version}` });
  await row.getByRole('button', { name: 'Get' }).click();
  await expect(row.getByRole('button', { name: 'Install and start again' })).toBeVisible();
  await expect(row).toContainText('It is here and proved.');
}

function writeInstaller(folder: string, version: string): string {
  const file = path.join(folder, `Outpost-${version}.AppImage`);
  writeFileSync(file, randomBytes(300_000));
  chmodSync(file, 0o755);
  return file;
}

/** The installer as it waits in the data folder. */
function fetched(data: string, ending: string): Buffer {
  const folder = path.join(data, 'app-update');
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith(ending),
  );
  if (found === undefined) throw new Error(`There is no ${ending} in ${folder}.`);
  return readFileSync(path.join(folder, found));
}

const packagesOf = (server: FeedServer) => server.asked.filter((one) => one.path.endsWith('.AppImage'));

/** Only an installed program has updates of its own. */
const asInstalled = (app: ElectronApplication): Promise<void> =>
  app.evaluate(({ app: program }) => void Object.defineProperty(program, 'isPackaged', { value: true }));

type Proxy = { readonly port: number; readonly asked: string[]; close(): void };

/** A company's proxy: it alone knows where `officeName` is. */
async function openProxy(feed: FeedServer): Promise<Proxy> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '');
    asked.push(url.href);
    if (url.hostname !== officeName) return void response.writeHead(502).end();
    const pass = async (): Promise<void> => {
      const answer = await fetch(new URL(url.pathname, feed.address), {
        headers: request.headers.range ? { range: request.headers.range } : {},
      });
      const body = Buffer.from(await answer.arrayBuffer());
      const range = answer.headers.get('content-range');
      response
        .writeHead(answer.status, {
          'content-length': body.byteLength,
          ...(range !== null && { 'content-range': range }),
        })
        .end(body);
    };
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, asked, close: () => void server.close() };
}
