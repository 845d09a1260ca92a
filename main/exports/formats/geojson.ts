import { itemTaskOf } from '../../../contract/tasks/index.ts';
import { rowOf } from '../rows.ts';
import type { Site } from '../outline/index.ts';
import { placedOf } from './boxes.ts';
import type { ExportItem, ExportSource, Format } from '../types.ts';

/** What was seen at a site; `labels`: photos with each of them. */
type Seen = {
  readonly site: Site;
  photos: number;
  faults: number;
  confirmed: number;
  first: string | null;
  last: string | null;
  readonly events: Set<string>;
  readonly cameras: Set<string>;
  readonly labels: Map<string, number>;
};

/** A point for each site, for maps; a site whose place is unknown or hidden has none. Source: RFC 7946. */
export const geojson: Format = {
  kind: 'file',
  needsBoxes: false,
  leavesFaultsOut: false,
  write: async function* (source, { threshold }) {
    const sites = new Map<string, Seen>();
    for await (const item of source.items()) {
      const { site } = item.deployment;
      const seen = sites.get(site.name) ?? emptySite(site);
      sites.set(site.name, seen);
      note(seen, item, { source, threshold });
    }
    yield '{"type":"FeatureCollection","features":[';
    let isFirst = true;
    for (const seen of sites.values()) {
      yield `${isFirst ? '' : ','}\n${JSON.stringify(featureOf(seen))}`;
      isFirst = false;
    }
    yield ']}\n';
  },
};

const emptySite = (site: Site): Seen => ({
  site,
  photos: 0,
  faults: 0,
  confirmed: 0,
  first: null,
  last: null,
  events: new Set(),
  cameras: new Set(),
  labels: new Map(),
});

function note(
  seen: Seen,
  item: ExportItem,
  { source, threshold }: { readonly source: ExportSource; readonly threshold: number | undefined },
): void {
  const { takenAt, event, camera, fault, confirmed } = item;
  seen.photos += 1;
  if (takenAt !== null) {
    if (seen.first === null || takenAt < seen.first) seen.first = takenAt;
    if (seen.last === null || takenAt > seen.last) seen.last = takenAt;
  }
  if (event) seen.events.add(event.id);
  const name = camera?.serial ?? camera?.model;
  if (name !== undefined) seen.cameras.add(name);
  if (fault) {
    seen.faults += 1;
    return;
  }
  if (confirmed) seen.confirmed += 1;
  for (const label of labelsOf(item, { source, threshold }))
    seen.labels.set(label, (seen.labels.get(label) ?? 0) + 1);
}

/** What a person said; else everything that was found, each once; else the first label. */
function labelsOf(
  item: ExportItem,
  { source, threshold }: { readonly source: ExportSource; readonly threshold: number | undefined },
): ReadonlySet<string> {
  const { confirmed, record } = item;
  const isPlaced = record !== null && itemTaskOf(record.result.task).placed !== undefined;
  const labels =
    confirmed || !isPlaced
      ? [confirmed?.label ?? String(rowOf(item, source, { threshold })['label'] ?? '')]
      : placedOf(item, source, threshold).boxes.map(({ label }) => label);
  const named = labels.filter((label) => label !== '');
  return new Set(named.length === 0 ? ['empty'] : named);
}

function featureOf({ site, events, cameras, labels, ...counts }: Seen): object {
  const { place } = site;
  return {
    type: 'Feature',
    geometry: place && { type: 'Point', coordinates: [place.longitude, place.latitude] },
    properties: {
      site: site.name,
      ...counts,
      events: events.size,
      cameras: [...cameras].sort(),
      labels: Object.fromEntries([...labels].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))),
    },
  };
}
