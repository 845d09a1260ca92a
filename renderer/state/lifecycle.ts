import { useQuery } from '@tanstack/react-query';
import type { Fault } from '../../contract/faults.ts';
import type { VersionState } from '../../contract/lifecycle.ts';
import type { Timeline, TimelineEntry } from '../../contract/timeline.ts';
import type { TrialItemQuery, TrialProgress } from '../../contract/trial.ts';
import type { DownloadProgress } from '../../contract/update.ts';
import type { CallOutput } from '../../contract/calls.ts';
import { cell } from './cell.ts';
import { valueOf } from './client.ts';

/** A request about a version that did not go as asked: shown beside that model until it is closed. */
export type LifecycleFault = { readonly model: string; readonly fault: Fault };
export const lifecycleFault = cell<LifecycleFault | null>(null);
/** The root that a person chose and is asked about. */
export const chosenRoot = cell<CallOutput<'updates.chooseRoot'>>(null);
/** Versions for which something was asked and is not done yet, as `id@version`, with the call. */
export const underWay = cell<ReadonlyMap<string, string>>(new Map());
/** It is being fetched, installed or tried: what can be done is to cancel. */
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

/** The newest version that may be fetched. */
export const offered = (timeline: Timeline | null): TimelineEntry | null =>
  timeline?.versions.find(isOffered) ?? null;
export const isOffered = (entry: TimelineEntry): boolean =>
  entry.offer !== null && entry.denied === null && entry.revoked === null && isAway(entry.state);
export const isAway = (state: VersionState): boolean => state.kind === 'offered' || state.kind === 'swept';
/** The version that is on trial: before a person decides, and after a switch while its first answers are watched. */
export const onTrial = (timeline: Timeline | null): TimelineEntry | null =>
  timeline?.versions.find((entry) => entry.state.kind === 'on-trial' || isWatched(timeline, entry)) ?? null;
export const isWatched = ({ canary }: Timeline, { version, state }: TimelineEntry): boolean =>
  state.kind === 'active' && canary?.version === version && canary.answered < canary.of;
/** A model of which nothing is here and nothing is offered is history: it is found by its link alone. */
export const isListed = ({ versions }: Timeline): boolean =>
  versions.some(({ state, offer }) => state.kind !== 'swept' || offer !== null);
/** Installed in the sense that its folder is here, whole. */
export const isHere = (state: VersionState): boolean =>
  ['installed', 'on-trial', 'active', 'previous'].includes(state.kind);

/** How far a version's own trial is; a comparison over other photos is not one. */
export function trialProgress(
  { progress }: Timeline,
  { version, state }: TimelineEntry,
): TrialProgress | null {
  const isRunning = state.kind === 'on-trial' && (state.phase === 'golden' || state.phase === 'shadow');
  return isRunning && progress?.version === version ? progress : null;
}
