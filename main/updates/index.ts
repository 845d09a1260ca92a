import { failed, ok } from '../../contract/faults.ts';
import type { Fault, Outcome } from '../../contract/faults.ts';
import type { CheckReport, UpdateSource } from '../../contract/update.ts';
import type { AppOffer, CheckRequest, Updates, UpdatesPorts } from './door.ts';
import { judgeOffers } from './offers/judge.ts';
import { newestApp } from './offers/app.ts';
import { openPanel } from './offers/panel.ts';
import type { Target } from './sources/source.ts';
import { adoptRoot, dropPublisher, listPublishers, plain, previewRoot } from './trust/publisher.ts';
import { signingKey } from './trust/signatures.ts';
import { surveyFeed } from './trust/survey.ts';
import type { Survey } from './trust/survey.ts';

export { firstRoots } from './first-roots.ts';

/** Opens what decides which feed is genuine and what it has for this computer. Nothing is asked of any feed yet. */
export async function openUpdates(ports: UpdatesPorts): Promise<Updates> {
  const panel = await openPanel(ports);
  const inTurn = queue();

  async function check(
    request: CheckRequest,
    { signal }: { signal: AbortSignal },
  ): Promise<Outcome<CheckReport>> {
    const isFeed = await isFeedOfSettings(ports, request.source);
    if (isFeed) panel.checking();
    const outcome = await inTurn(() => checkFeed(ports, request, signal));
    if (isFeed) await panel.checked(outcome, ports.now());
    await panel.readPublishers();
    if (!outcome.ok) ports.log('warn', `feed refused: ${outcome.fault.message}`);
    return outcome;
  }

  async function trust(file: string, fingerprint: string): Promise<Outcome<void>> {
    const adopted = await inTurn(() => adoptRoot(ports.trustFolder, file, fingerprint));
    await panel.readPublishers();
    return adopted;
  }

  async function distrust(fingerprint: string): Promise<Outcome<void>> {
    const found = (await listPublishers(ports)).find((each) => each.fingerprint === plain(fingerprint));
    const dropped = found ? await inTurn(() => dropPublisher(found)) : ok(undefined);
    await panel.readPublishers();
    return dropped;
  }

  async function appOffer(source: UpdateSource, platform: string): Promise<Outcome<AppOffer | null>> {
    const request = { source, installed: [], consentExpired: false, signal: new AbortController().signal };
    return inTurn(() => surveyFeed(ports, request, async ({ listed }) => ok(newestApp(listed, platform))));
  }

  return {
    state: panel.state,
    onChange: panel.onChange,
    check,
    fetch: async () => failed('feed-none'),
    previewRoot,
    trust,
    distrust,
    appOffer,
    close: async () => panel.close(),
  };
}

async function checkFeed(
  ports: UpdatesPorts,
  { source, here, consentExpired = false, wanted }: CheckRequest,
  signal: AbortSignal,
): Promise<Outcome<CheckReport>> {
  const { feedChannel: channel } = await ports.settings();
  const request = { source, installed: here.installed, consentExpired, signal };
  return surveyFeed(ports, request, async (survey, from) => {
    const { name, dates, listed, highest } = survey;
    const signer = signerOf(survey);
    const isCarried = source.kind !== 'http';
    const isChosen = source.kind === 'bundle';
    const whyAbsent = async (target: Target): Promise<Fault | null> => {
      const place = await from.placeOf(target);
      return place.ok ? null : place.fault;
    };
    return ok({
      source: name,
      at: ports.now().toISOString(),
      publisher: signer.name,
      dates,
      ...(await judgeOffers(listed, {
        here,
        channel,
        isCarried,
        isChosen,
        signer,
        highest,
        whyAbsent,
        ...(wanted && { wanted: { id: wanted.model, version: wanted.version } }),
      })),
    });
  });
}

function signerOf({ documents, dates }: Survey): CheckReport['offers'][number]['signer'] {
  const root = documents.root.signed;
  return {
    name: root['x-outpost'].publisher,
    key: signingKey(documents.targets, root),
    at: dates.issuedAt,
  };
}

/** What is asked about a stick for once does not stand in the panel as the last check of the feed. */
async function isFeedOfSettings(ports: UpdatesPorts, source: UpdateSource): Promise<boolean> {
  const { feed } = await ports.settings();
  return feed !== null && feed === (source.kind === 'http' ? source.address : source.path);
}

/** One verification at a time: two would write the same files. */
function queue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => undefined);
    return next;
  };
}
