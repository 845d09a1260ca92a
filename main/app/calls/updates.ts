import { ok } from '../../../contract/faults/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

/** Feeds, the publishers that are trusted, and Outpost's own update. */
export function updateCalls({ updates, outpostUpdate, chooser, files }: CallParts) {
  return {
    'updates.state': async () => ok((await updates()).state()),
    'updates.chooseFeed': async () => ok(await chooser.chooseImport('folder')),
    'updates.chooseRoot': async () => {
      const path = await chooser.chooseRoot();
      if (path === null) return ok(null);
      const preview = await (await updates()).previewRoot(path);
      return preview.ok ? ok({ ref: files.refOf(path), ...preview.value }) : preview;
    },
    'updates.trust': async ({ ref, fingerprint }) => {
      const path = files.path(ref);
      if (!path.ok) return path;
      const trusted = await (await updates()).trust(path.value, fingerprint);
      return trusted.ok ? ok((await updates()).state()) : trusted;
    },
    'updates.distrust': async ({ fingerprint }) => {
      const done = await (await updates()).distrust(fingerprint);
      return done.ok ? ok((await updates()).state()) : done;
    },
    'updates.app': async () => ok(await outpostUpdate.state()),
    'updates.appGet': () => outpostUpdate.get(),
    'updates.appInstall': () => outpostUpdate.install(),
  } satisfies Partial<Handlers>;
}
