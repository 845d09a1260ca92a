import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import { modelsPage } from '../state/navigation.ts';
import { selected, tryPage } from '../state/try-page.ts';
import { perform } from './perform.ts';

/** What changed: the version that answers and this one over what Try shows. */
export async function compareVersions({ model, title, pointer }: Timeline, to: string): Promise<void> {
  const now = tryPage.get();
  const selection = selected.get();
  if (now.kind === 'empty' || now.kind === 'groups' || (now.kind === 'photos' && selection === null)) return;
  const over = now.kind === 'run' ? { run: now.run } : { selection: selection ?? '' };
  const from = pointer.active;
  const waiting = { kind: 'changes', model, title, from, to, report: null } as const;
  modelsPage.set(waiting);
  const report = await perform('trial.compare', { model, from, to, over });
  // Do not navigate if the user has left the page meanwhile.
  if (modelsPage.get() !== waiting) return;
  modelsPage.set(report ? { ...waiting, report } : { kind: 'list' });
}
