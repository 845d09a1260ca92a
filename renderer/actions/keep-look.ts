import type { WindowLook } from '../../contract/calls/menu.ts';
import { ask } from '../bridge.ts';
import { place } from '../state/navigation.ts';
import { threshold } from '../state/try-page.ts';

const quietMs = 300;

/** Restores the place and the threshold of the last session, then saves every change of them. */
export async function restoreLook(): Promise<void> {
  const saved = await ask('app.look', undefined);
  if (saved.ok) {
    place.set(saved.value.view);
    threshold.set(saved.value.threshold);
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = (): void => {
    clearTimeout(timer);
    const look: WindowLook = { view: place.get(), threshold: threshold.get() };
    timer = setTimeout(() => void ask('app.keepLook', look), quietMs);
  };
  place.subscribe(keep);
  threshold.subscribe(keep);
}
