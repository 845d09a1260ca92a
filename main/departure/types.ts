import type { DepartureReport, DepartureTexts } from '../../contract/lifecycle/departure.ts';

/** What a person wants to know before coverage ends. */
export type Departure = {
  /** Verifies every model, runs its golden samples in workers that have no network, and looks at the rest. */
  check(options?: { readonly signal?: AbortSignal }): Promise<DepartureReport>;
  /** The report as one page of HTML to print, with nothing from elsewhere in it; in English, or in the texts given. */
  reportPage(report: DepartureReport, texts?: DepartureTexts): string;
};
