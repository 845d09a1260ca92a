import { powerMonitor } from 'electron';
import type { Engine } from '../engine/index.ts';

/** Lets runs look at battery and heat at once when the system says that they changed, and when it wakes up. */
export function followPower({ runs }: Pick<Engine, 'runs'>): void {
  const look = (): void => runs.powerChanged();
  powerMonitor.on('on-ac', look);
  powerMonitor.on('on-battery', look);
  powerMonitor.on('resume', look);
  if (process.platform === 'darwin') powerMonitor.on('thermal-state-change', look);
}
