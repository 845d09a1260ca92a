import { readFileSync } from 'node:fs';
import type { ElectronApplication } from '@playwright/test';

/** One piece of work of a page's main thread: how long it took, and how long it ran on a processor. */
export type Task = { readonly tookMs: number; readonly ownMs: number };

type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
};

/** Records with Chromium's own tracing; what it gives ends the recording. */
export async function recordTasks(
  app: ElectronApplication,
  file: string,
): Promise<() => Promise<readonly Task[]>> {
  await app.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel'] }),
  );
  return async () => {
    await app.evaluate(({ contentTracing }, path) => contentTracing.stopRecording(path), file);
    const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as { traceEvents: readonly TraceEvent[] };
    const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
    const mains = new Set(
      traceEvents
        .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
        .map(threadOf),
    );
    return traceEvents
      .filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && mains.has(threadOf(event)))
      .map(({ dur = 0, tdur = dur }) => ({ tookMs: dur / 1000, ownMs: tdur / 1000 }));
  };
}
