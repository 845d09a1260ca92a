import path from 'node:path';
import { failed, ok, type Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import type { JoinedSpec, LoadSpec } from '../../contract/wire.ts';
import { openSession, type Session } from './session.ts';
import { joinTasks, openTask, type OpenedTask } from './tasks/index.ts';

/** `task` is null for a model of raw tensors. */
export type LoadedModel = { readonly session: Session; readonly task: OpenedTask | null };

/** Loads one model file, or all that answer together; what fails gives back what was loaded before it. */
export async function openModel(spec: LoadSpec | JoinedSpec): Promise<Outcome<LoadedModel>> {
  return 'parts' in spec ? openJoined(spec) : openOne(spec);
}

async function openOne(spec: LoadSpec): Promise<Outcome<LoadedModel>> {
  const session = await openSession(spec);
  if (!session.ok) return session;
  const task = openTask({ session: session.value, spec, file: path.basename(spec.modelFile) });
  if (task.ok) return ok({ session: session.value, task: task.value });
  await session.value.release().catch(() => undefined);
  return task;
}

async function openJoined(spec: JoinedSpec): Promise<Outcome<LoadedModel>> {
  const sessions: Session[] = [];
  const parts = new Map<string, OpenedTask>();
  const giveBack = async <T>(outcome: Outcome<T>): Promise<Outcome<T>> => {
    await joinSessions(sessions)
      .release()
      .catch(() => undefined);
    return outcome;
  };
  for (const part of spec.parts) {
    const opened = await openOne(part.spec);
    if (!opened.ok) return giveBack(opened);
    sessions.push(opened.value.session);
    if (opened.value.task) parts.set(part.role, opened.value.task);
  }
  const task = joinTasks({ spec, parts });
  return task.ok ? ok({ session: joinSessions(sessions), task: task.value }) : giveBack(task);
}

/** Sessions that are released together. They have no tensors of their own: the task alone asks them. */
function joinSessions(sessions: readonly Session[]): Session {
  return {
    inputs: [],
    outputs: [],
    run: ([first]) =>
      Promise.resolve(failed('input-invalid', { name: first?.name ?? '', reason: reason('made-of-parts') })),
    runNow: () => null,
    runRaw: () => Promise.reject(new Error('several models have no tensors of their own')),
    release: async () => void (await Promise.all(sessions.map((session) => session.release()))),
  };
}
