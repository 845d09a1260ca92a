import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type PowerSupply = {
  /** To be read as `/sys/class/power_supply`. */
  readonly folder: string;
  readonly unplug: (percent: number) => void;
  readonly plugIn: () => void;
};

/** Files in this empty folder as the Linux kernel shows a charger and a battery of 50 Wh; plugged in at first. */
export function newPowerSupply(parent: string): PowerSupply {
  const [folder, apart] = [path.join(parent, 'power_supply'), path.join(parent, 'apart')];
  mkdirSync(apart);
  const set = (name: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(path.join(folder, name), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      // At once, as the kernel shows a value: a reader never finds it half-written.
      writeFileSync(path.join(apart, file), `${text}\n`);
      renameSync(path.join(apart, file), path.join(folder, name, file));
    }
  };
  const plugIn = (): void => {
    set('AC', { type: 'Mains', online: '1' });
    set('BAT0', { type: 'Battery', status: 'Charging' });
  };
  set('BAT0', { energy_full: '50000000', energy_now: '40000000', power_now: '10000000' });
  plugIn();
  return {
    folder,
    plugIn,
    unplug: (percent) => {
      set('AC', { online: '0' });
      set('BAT0', { energy_now: String(percent * 500_000), status: 'Discharging' });
    },
  };
}
