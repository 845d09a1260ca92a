import { failed, fault, whyOf } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { GoldenResult } from '../../../contract/packs/model.ts';
import type { EnginePorts } from '../types.ts';
import { runGolden } from './golden.ts';
import type { Plan } from '../plan.ts';
import { asOutcome, startTrial } from './trial.ts';
import type { TrialParts } from './trial.ts';

/** A result holds for this device and its drivers, and for the Outpost that decoded and ran. */
export const goldenDevice = ({ device, appVersion }: Pick<EnginePorts, 'device' | 'appVersion'>): string =>
  `${device}, Outpost ${appVersion}`;

/** Runs golden samples in an isolated worker: a crash affects no request. */
export async function goldenAlone(
  parts: TrialParts & { readonly device: string },
  plan: Plan,
  signal: AbortSignal,
): Promise<Outcome<GoldenResult>> {
  const { library, ports, device } = parts;
  const trial = await startTrial(parts, plan, { threads: ports.cores, signal });
  try {
    const loaded = asOutcome(trial.loaded);
    if (!loaded.ok) return { ok: false, fault: aboutLoading(loaded.fault, plan.pack.ref) };
    const result = await runGolden(library, plan, async (question, blobs) =>
      asOutcome(await trial.ask(question, blobs)),
    );
    if (!result.ok) return result;
    if (result.value.total === 0) return failed('nothing-to-do', { file: plan.pack.ref });
    if (!signal.aborted) ports.store.saveGolden(device, plan.digest, result.value);
    return result;
  } finally {
    trial.end();
  }
}

/** A crash during loading is the model's fault, not that of a sample. */
const aboutLoading = (why: Fault, model: string): Fault =>
  why.code === 'worker-crashed' ? fault('canary-crashed', { model, reason: whyOf(why) }) : why;
