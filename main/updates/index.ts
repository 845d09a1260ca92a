import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { CheckReport, UpdateSource } from '../../contract/lifecycle/update.ts';
import { createMover } from './download/index.ts';
import type { Mover } from './download/index.ts';
import type { AppOffer, CheckRequest, Fetched, FetchRequest, Updates, UpdatesPorts } from './types.ts';
import { downloadOffer, withDeltaSizes } from './offers/download.ts';
import { validateOffers } from './offers/validate.ts';
import { newestApp } from './offers/app.ts';
import { openPanel } from './offers/panel.ts';
import { adoptRoot, dropPublisher, listPublishers, plain, previewRoot } from './trust/publisher.ts';
import { signingKey } from './trust/signatures.ts';
import { withVerifiedFeed } from './trust/verified-feed.ts';
import type { VerifiedFeed, Verifier } from './trust/verified-feed.ts';

export { nodeHttpExecutor, proxyFor } from './download/index.ts';
export type { ProxyOf } from './download/index.ts';
export { firstRoots } from './first-roots.ts';
export { twoCopies } from './ratchet-keeper.ts';
export type * from './types.ts';

/** Opens the verification of feeds and the selection of offers. No feed is contacted yet. */
export async function openUpdates(ports: UpdatesPorts): Promise<Updates> {
  const panel = await openPanel(ports);
  const mover = createMover(ports);
  const verifier = { ports, inTurn: queue() };

  async function check(
    request: CheckRequest,
    { signal }: { signal: AbortSignal },
  ): Promise<Outcome<CheckReport>> {
    const isFeed = await isFeedOfSettings(ports, request.source);
    if (isFeed) panel.checking();
    const outcome = await checkFeed({ verifier, mover }, request, signal);
    if (isFeed) await panel.checked(outcome, ports.now());
    await panel.readPublishers();
    if (!outcome.ok) ports.log('warn', `feed refused: ${outcome.fault.message}`);
    return outcome;
  }

  async function fetch(request: FetchRequest): Promise<Outcome<Fetched>> {
    const { source, offer, consentExpired = false, signal } = request;
    const onProgress: FetchRequest['onProgress'] = (progress) => {
      panel.downloading(progress);
      request.onProgress(progress);
    };
    try {
      return await withVerifiedFeed(
        verifier,
        { source, installed: [], consentExpired, signal },
        (verified, from) => downloadOffer({ mover, verified, source: from }, { ...request, onProgress }),
      );
    } finally {
      panel.downloaded(offer);
    }
  }

  async function trust(file: string, fingerprint: string): Promise<Outcome<void>> {
    const adopted = await verifier.inTurn(() => adoptRoot(ports.trustFolder, file, fingerprint));
    await panel.readPublishers();
    return adopted;
  }

  async function distrust(fingerprint: string): Promise<Outcome<void>> {
    const found = (await listPublishers(ports)).find((each) => each.fingerprint === plain(fingerprint));
    const dropped = found ? await verifier.inTurn(() => dropPublisher(found)) : ok(undefined);
    await panel.readPublishers();
    return dropped;
  }

  async function appOffer(source: UpdateSource, platform: string): Promise<Outcome<AppOffer | null>> {
    const request = { source, installed: [], consentExpired: false, signal: new AbortController().signal };
    return withVerifiedFeed(verifier, request, async ({ listed }) => ok(newestApp(listed, platform)));
  }

  return {
    state: panel.state,
    onChange: panel.onChange,
    check,
    fetch,
    previewRoot,
    trust,
    distrust,
    appOffer,
    close: async () => panel.close(),
  };
}

async function checkFeed(
  { verifier, mover }: { readonly verifier: Verifier; readonly mover: Mover },
  { source: from, here, consentExpired = false, wanted, part }: CheckRequest,
  signal: AbortSignal,
): Promise<Outcome<CheckReport>> {
  const { ports } = verifier;
  const { feedChannel: channel } = await ports.settings();
  const request = { source: from, installed: here.installed, consentExpired, signal };
  return withVerifiedFeed(verifier, request, async (verified, source) => {
    const { name, dates, listed, highest } = verified;
    const signer = signerOf(verified);
    const validated = await validateOffers(listed, {
      here,
      channel,
      isHandDelivered: from.kind !== 'http',
      isChosen: from.kind === 'bundle',
      signer,
      highest,
      whyAbsent: async (target) => {
        const place = await source.placeOf(target);
        return place.ok ? null : place.fault;
      },
      ...(wanted && { wanted: { id: wanted.model, version: wanted.version } }),
      ...(part && { part }),
    });
    const offers = await withDeltaSizes({ mover, verified, source }, validated.offers, { here, signal });
    if (signal.aborted) return failed('cancelled');
    const at = ports.now().toISOString();
    return ok({ source: name, at, publisher: signer.name, dates, ...validated, offers });
  });
}

function signerOf({ documents, dates }: VerifiedFeed): CheckReport['offers'][number]['signer'] {
  const root = documents.root.signed;
  return {
    name: root['x-outpost'].publisher,
    key: signingKey(documents.targets, root),
    at: dates.issuedAt,
  };
}

/** A check of another source, such as a stick, must not be shown as the last check of the configured feed. */
async function isFeedOfSettings(ports: UpdatesPorts, source: UpdateSource): Promise<boolean> {
  const { feed } = await ports.settings();
  return feed !== null && feed === (source.kind === 'http' ? source.address : source.path);
}

function queue(): Verifier['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => undefined);
    return next;
  };
}
