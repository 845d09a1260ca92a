import { ok } from '../../../contract/faults/faults.ts';
import type { RunChecking } from '../../engine/index.ts';
import { copyText } from '../clipboard.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

/** Limit of concurrent checks of one page: it needs one, and may restart it. */
const mostLooks = 4;

/** What a run would be: the page names its look, asks how far it is, and ends it. */
export function runCheckCalls({ opened, files }: CallParts) {
  const looks = new Map<string, RunChecking>();
  const stop = (request: string): void => {
    looks.get(request)?.stop();
    looks.delete(request);
  };
  return {
    'runs.check': async ({ selection, request, ...how }) => {
      const chosen = files.chosen(selection);
      if (!chosen.ok) return chosen;
      const look = await (await opened()).engine.runs.check({ inputs: chosen.value.paths, ...how });
      if (!look.ok) return look;
      looks.set(request, look.value);
      for (const oldest of looks.keys()) if (looks.size > mostLooks) stop(oldest);
      return ok(look.value.report());
    },
    'runs.checked': ({ request }) => Promise.resolve(ok(looks.get(request)?.report() ?? null)),
    'runs.checkStop': ({ request }) => Promise.resolve(ok(stop(request))),
    'runs.copyFaults': async ({ run }) => {
      const lines: string[] = [];
      for await (const { path, fault } of (await opened()).engine.runs.failures(run))
        lines.push(`${path}\t${fault.code}\t${fault.message}`);
      await copyText(lines.join('\n'));
      return ok({ count: lines.length });
    },
  } satisfies Partial<Handlers>;
}
