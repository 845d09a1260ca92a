import { describe, expect, it } from 'vitest';
import { fault } from '../../contract/faults/faults.ts';
import { VersionState, trialPhases } from '../../contract/lifecycle/lifecycle.ts';
import { isHere, step } from '../../main/lifecycle/versions/step.ts';
import type { Move } from '../../main/lifecycle/versions/step.ts';

type VersionStateKind = VersionState['kind'];
const why = fault('golden-failed', { model: 'm@1.0.0', failed: 1, total: 8 });
const states: Readonly<Record<VersionStateKind, readonly VersionState[]>> = {
  offered: [{ kind: 'offered' }],
  downloading: [{ kind: 'downloading' }],
  downloaded: [{ kind: 'downloaded' }],
  verified: [{ kind: 'verified' }],
  installed: [{ kind: 'installed' }],
  'on-trial': trialPhases.map((phase) => ({ kind: 'on-trial', phase })),
  active: [{ kind: 'active' }],
  previous: [{ kind: 'previous' }],
  swept: [{ kind: 'swept' }],
  failed: [{ kind: 'failed', from: 'active', fault: why }],
};
type Kind = Move['kind'];
const moves: Readonly<Record<Kind, readonly Move[]>> = {
  offer: [{ kind: 'offer' }],
  fetch: [{ kind: 'fetch' }],
  fetched: [{ kind: 'fetched' }],
  verified: [{ kind: 'verified' }],
  place: [{ kind: 'place' }],
  cancel: [{ kind: 'cancel' }],
  try: trialPhases.map((phase) => ({ kind: 'try', phase })),
  keep: [{ kind: 'keep' }],
  activate: [{ kind: 'activate' }],
  retire: [{ kind: 'retire' }],
  replace: [{ kind: 'replace' }],
  sweep: [{ kind: 'sweep' }],
  remove: [{ kind: 'remove' }],
  fail: [{ kind: 'fail', fault: why }],
};

/** The arrows of contract/lifecycle/lifecycle.ts, state by state; a move that is not named has no arrow. */
const drawing: Readonly<Record<VersionStateKind, Partial<Record<Kind, VersionStateKind>>>> = {
  offered: { offer: 'offered', fetch: 'downloading', fail: 'failed' },
  downloading: { fetched: 'downloaded', cancel: 'offered', remove: 'swept', fail: 'failed' },
  downloaded: { verified: 'verified', cancel: 'offered', remove: 'swept', fail: 'failed' },
  verified: { place: 'installed', cancel: 'offered', remove: 'swept', fail: 'failed' },
  installed: { try: 'on-trial', activate: 'active', sweep: 'swept', remove: 'swept', fail: 'failed' },
  'on-trial': { try: 'on-trial', keep: 'installed', activate: 'active', remove: 'swept', fail: 'failed' },
  active: { activate: 'active', retire: 'previous', replace: 'installed', remove: 'swept', fail: 'failed' },
  previous: {
    try: 'on-trial',
    activate: 'active',
    retire: 'previous',
    replace: 'installed',
    sweep: 'swept',
    remove: 'swept',
    fail: 'failed',
  },
  swept: { offer: 'offered' },
  // The first reason is the one that is kept.
  failed: { offer: 'offered', sweep: 'swept', remove: 'swept' },
};

const kinds = Object.keys(states) as VersionStateKind[];
const arrows = kinds.flatMap((from) =>
  (Object.keys(moves) as Kind[]).map((kind) => [from, kind, drawing[from][kind] ?? null] as const),
);

describe('the states of a version', () => {
  it('are those of the contract, and so many moves from each', () => {
    const named = VersionState.options.map((option) => option.shape.kind.value);
    expect([...kinds].sort()).toEqual([...named].sort());
    expect(arrows).toHaveLength(10 * 14);
  });

  it.each(arrows)('%s, %s: %s', (from, kind, to) => {
    for (const state of states[from])
      for (const move of moves[kind]) {
        const before = structuredClone(state);
        const next = step(state, move);
        expect(state).toEqual(before);
        expect(next?.kind ?? null).toBe(to);
        if (!next) continue;
        expect(VersionState.parse(next)).toEqual(next);
        if (move.kind === 'try') expect(next).toEqual({ kind: 'on-trial', phase: move.phase });
        if (move.kind === 'fail') expect(next).toEqual({ kind: 'failed', from, fault: why });
      }
  });

  it('lead from an offer to an answer, back, and out again', () => {
    const walk: readonly Move[] = [
      ...(['fetch', 'fetched', 'verified', 'place'] as const).map((kind) => ({ kind })),
      ...trialPhases.map((phase) => ({ kind: 'try', phase }) as const),
      ...(['activate', 'retire', 'activate', 'replace', 'sweep', 'offer'] as const).map((kind) => ({ kind })),
    ];
    let state: VersionState = { kind: 'offered' };
    const seen = walk.map((move) => {
      const next = step(state, move);
      if (!next) throw new Error(`${state.kind} has no ${move.kind}`);
      state = next;
      return next.kind;
    });
    expect(seen.join(' ')).toBe(
      'downloading downloaded verified installed on-trial on-trial on-trial on-trial active previous active installed swept offered',
    );
  });

  it('say which versions are on this computer and whole', () => {
    const here = kinds.filter((kind) => states[kind].every(isHere));
    expect(here).toEqual(['installed', 'on-trial', 'active', 'previous']);
    expect(kinds.filter((kind) => states[kind].some(isHere))).toEqual(here);
  });
});
