import type { Fault } from '../../../contract/faults/faults.ts';
import type { Timeline } from '../../../contract/lifecycle/timeline.ts';

/** A version that took over, with the one before it where there was one. */
export type Switch = {
  readonly model: string;
  readonly title: string;
  readonly version: string;
  readonly from: string | null;
  readonly at: string;
  /** Why, when it was not a person's wish. */
  readonly why: Fault | null;
};

/** Newest first. */
export function switchesOf(timelines: readonly Timeline[], model: string | null): readonly Switch[] {
  return timelines
    .filter((timeline) => model === null || timeline.model === model)
    .flatMap(({ model: id, title, events }) => {
      const taken = events.filter((event) => event.to === 'active');
      return taken.map((event, index): Switch => {
        // The one that was active until then: events are newest first.
        const before = taken.slice(index + 1).find((one) => one.version !== event.version);
        return {
          model: id,
          title,
          version: event.version,
          from: before?.version ?? leftAt(events, event.at, event.version),
          at: event.at,
          why: event.fault ?? null,
        };
      });
    })
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** What came with Outpost was never switched to; it is known by having stepped back at the same time. */
function leftAt(events: Timeline['events'], at: string, version: string): string | null {
  const near = events.find(
    (event) =>
      event.to === 'previous' &&
      event.version !== version &&
      Math.abs(Date.parse(event.at) - Date.parse(at)) < 5_000,
  );
  return near?.version ?? null;
}
