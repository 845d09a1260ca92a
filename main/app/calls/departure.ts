import { ok } from '../../../contract/faults/faults.ts';
import type { DepartureReport } from '../../../contract/lifecycle/departure.ts';
import { savePage } from '../save-page.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

/** The departure check, and the printable report of the last one. */
export function departureCalls({ opened, chooser }: CallParts) {
  let last: DepartureReport | null = null;
  return {
    'depart.check': async () => {
      last = await (await opened()).departure.check();
      return ok(last);
    },
    'depart.save': async (texts) => {
      const { departure } = await opened();
      const report = (last ??= await departure.check());
      const place = await chooser.placeFor(`departure-${report.at.slice(0, 10)}.html`);
      if (place === null) return ok(null);
      const saved = await savePage(place.path, departure.reportPage(report, texts));
      return saved.ok ? ok({ name: place.name }) : saved;
    },
  } satisfies Partial<Handlers>;
}
