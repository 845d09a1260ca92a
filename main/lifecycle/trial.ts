import { failed, faultTable, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { goldenFault } from '../../contract/packs/model.ts';
import type { TrialProgress } from '../../contract/lifecycle/trial.ts';
import type { VersionName } from './types.ts';
import { changing, move, moveAlone } from './change.ts';
import type { LifecycleParts } from './parts.ts';
import { activation } from './swap.ts';

export type TrialHooks = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrialProgress) => void;
};

/**
 * Runs the golden samples on this computer, then both versions over the user's own items; then a person decides. The
 * first version of a model becomes active as soon as its golden samples pass: there is nothing to compare it with.
 */
export async function tryVersion(
  parts: LifecycleParts,
  name: VersionName,
  { signal, onProgress }: TrialHooks,
): Promise<Outcome<void>> {
  const { registry, engine } = parts;
  const { model, version } = name;
  const ref = `${model}@${version}`;
  const begun = await moveAlone(parts, name, { move: { kind: 'try', phase: 'golden' } });
  if (!begun.ok) return begun;
  onProgress({ ...name, phase: 'golden', done: 0, total: 0 });
  const golden = await engine.golden(ref, signal);
  if (signal.aborted) return giveUp(parts, name);
  if (!golden.ok && golden.fault.code !== 'nothing-to-do') {
    // Lack of memory or a killed worker says nothing about the model: it stays, and its trial can be repeated.
    if (!faultTable[golden.fault.code].retry) return refuse(parts, name, golden.fault);
    await moveAlone(parts, name, { move: { kind: 'keep' } });
    return golden;
  }
  const wrong = golden.ok ? goldenFault(ref, golden.value) : null;
  if (wrong) return refuse(parts, name, wrong);
  const from = registry.pointer(model)?.active;
  if (from === undefined || from === version) return activateNew(parts, name);
  const shadowing = await moveAlone(parts, name, { move: { kind: 'try', phase: 'shadow' } });
  if (!shadowing.ok) return shadowing;
  const { trialItems } = await parts.settings();
  const report = await engine.shadow({ model, from, to: version, items: trialItems }, { signal, onProgress });
  if (signal.aborted) return giveUp(parts, name);
  // The comparison is optional evidence; the golden samples have passed.
  if (!report.ok) parts.log('warn', `the shadow run of ${ref} gave nothing: ${report.fault.message}`);
  const waiting = await moveAlone(parts, name, { move: { kind: 'try', phase: 'waiting' } });
  return waiting.ok ? ok(undefined) : waiting;
}

/** Marks a version as failed, so that it is not offered again on this computer, and deletes its files. */
export async function refuse(parts: LifecycleParts, name: VersionName, why: Fault): Promise<Outcome<never>> {
  const { model, version } = name;
  const denied = { model, version, fault: why, at: new Date().toISOString() };
  await changing(parts, async () => {
    const marked = await move(parts, name, {
      move: { kind: 'fail', fault: why },
      also: [{ kind: 'deny', denied }],
    });
    if (!marked.ok) return marked;
    const isBuiltIn = parts.library
      .list()
      .some(({ ref, trust }) => ref === `${model}@${version}` && trust === 'built-in');
    if (!isBuiltIn) await parts.packStore.remove(model, version);
    await parts.registry.refresh();
    return marked;
  });
  return { ok: false, fault: why };
}

async function giveUp(parts: LifecycleParts, name: VersionName): Promise<Outcome<never>> {
  await moveAlone(parts, name, { move: { kind: 'keep' } });
  return failed('cancelled');
}

function activateNew(parts: LifecycleParts, name: VersionName): Promise<Outcome<void>> {
  return changing(parts, async () => {
    const changes = activation(parts, name, { isPinnedToo: false });
    return changes.ok ? parts.registry.commit(changes.value) : changes;
  });
}
