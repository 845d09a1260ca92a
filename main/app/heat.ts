import { powerMonitor } from 'electron';
import type { Heat } from '../lib/heat.ts';

type Thermal = ReturnType<typeof powerMonitor.getCurrentThermalState>;

const heats: Readonly<Record<Thermal, Heat>> = {
  unknown: 'unknown',
  nominal: 'cool',
  fair: 'warm',
  serious: 'hot',
  critical: 'hot',
};

/** The state that macOS tells programs by; undefined elsewhere, where the engine asks the system itself. */
export const systemHeat: (() => Promise<Heat>) | undefined =
  process.platform === 'darwin'
    ? () => Promise.resolve(heats[powerMonitor.getCurrentThermalState()])
    : undefined;
