import type { Timeline, TimelineEntry } from '../../../../contract/lifecycle/timeline.ts';

/** One version within its model. */
export type VersionProps = { readonly timeline: Timeline; readonly entry: TimelineEntry };
