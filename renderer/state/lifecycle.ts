import { useQuery } from '@tanstack/react-query';
import type { Fault } from '../../contract/faults/faults.ts';
import type { VersionState } from '../../contract/lifecycle/lifecycle.ts';
import type { Timeline, TimelineEntry } from '../../contract/lifecycle/timeline.ts';
import type { TrialItemQuery, TrialProgress } from '../../contract/lifecycle/trial.ts';
import type { DownloadProgress } from '../../contract/lifecycle/update.ts';
import type { CallOutput } from '../../contract/calls/calls.ts';
import { cell } from './cell.ts';
import { valueOf } from './client.ts';

/** A failed request about a version, shown beside that model until it is closed. */
type LifecycleFault = { readonly model: string; readonly fault: Fault };
export const lifecycleFault = cell<LifecycleFault | null>(null);
/** The publisher's root that the user chose and has to confirm. */
export const chosenRoot = cell<CallOutput<'updates.chooseRoot'>>(null);
/** Calls in progress by version (`id@version`). */
export const underWay = cell<ReadonlyMap<string, string>>(new Map());
/** Whether a version is being downloaded, installed or tried, so that it can be cancelled. */
export const isArriving = (call: string | undefined): boolean =>
  call === 'lifecycle.get' || call === 'lifecycle.try';

export const useTimelines = (refetchOnMount: boolean | 'always' = true) =>
  useQuery({
    queryKey: ['lifecycle'],
    queryFn: () => valueOf('lifecycle.list', undefined),
    refetchOnMount,
  });
export function useTimeline(model: string): Timeline | null {
  return useTimelines().data?.find((one) => one.model === model) ?? null;
}
export const useUpdates = () =>
  useQuery({ queryKey: ['updates'], queryFn: () => valueOf('updates.state', undefined) });
export function useDownload(model: string, version: string): DownloadProgress | null {
  const downloads = useUpdates().data?.downloads ?? [];
  return downloads.find((one) => one.model === model && one.version === version) ?? null;
}
export const useTrialItems = (query: TrialItemQuery | null) =>
  useQuery({
    queryKey: ['trial-items', query],
    queryFn: () => valueOf('trial.items', query ?? { id: 't0', offset: 0, limit: 1 }),
    enabled: query !== null,
  });
export const useConfirmed = (digest: string, model: string) =>
  useQuery({
    queryKey: ['confirmed', model, digest],
    queryFn: () => valueOf('answers.confirmed', { digest, model }),
    enabled: digest !== '',
  });

/** The newest version that can be downloaded. */
export const offered = (timeline: Timeline | null): TimelineEntry | null =>
  timeline?.versions.find(isOffered) ?? null;
export const isOffered = (entry: TimelineEntry): boolean =>
  entry.offer !== null && entry.denied === null && entry.revoked === null && isAway(entry.state);
const isAway = (state: VersionState): boolean => state.kind === 'offered' || state.kind === 'swept';
/** The version on trial: waiting for a decision, or a canary after the switch. */
export const onTrial = (timeline: Timeline | null): TimelineEntry | null =>
  timeline?.versions.find((entry) => entry.state.kind === 'on-trial' || isWatched(timeline, entry)) ?? null;
export const isWatched = ({ canary }: Timeline, { version, state }: TimelineEntry): boolean =>
  state.kind === 'active' && canary?.version === version && canary.answered < canary.of;
/** A model with nothing installed and nothing offered is history: only its link leads to it. */
export const isListed = ({ versions }: Timeline): boolean =>
  versions.some(({ state, offer }) => state.kind !== 'swept' || offer !== null);
/** Whether the version's folder exists and is complete. */
export const isHere = (state: VersionState): boolean =>
  ['installed', 'on-trial', 'active', 'previous'].includes(state.kind);

/** Progress of a version's trial; comparisons over other photos are not counted. */
export function trialProgress(
  { progress }: Timeline,
  { version, state }: TimelineEntry,
): TrialProgress | null {
  const isRunning = state.kind === 'on-trial' && (state.phase === 'golden' || state.phase === 'shadow');
  return isRunning && progress?.version === version ? progress : null;
}
