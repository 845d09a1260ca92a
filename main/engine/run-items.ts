import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type {
  PickedItems,
  RunItem,
  RunPage,
  RunPageQuery,
  RunSpan,
  RunSpanItems,
  RunSummary,
} from '../../contract/runs/run.ts';
import type { RunFacets, RunFolderChange, RunFolderState } from '../../contract/runs/run-folders.ts';

/** What is asked of a run's items, whoever works on the run. */
export type RunItems = {
  /** `refOf` turns a path into the FileRef of the asking process. */
  page(query: RunPageQuery, refOf: (path: string) => string): Promise<RunPage>;
  /** The items in rows of the list, in its order. */
  span(query: RunSpan): Promise<RunSpanItems>;
  item(run: string, seq: number, refOf: (path: string) => string): Promise<Outcome<RunItem>>;
  summary(run: string): Promise<RunSummary>;
  /** What its items can be filtered by besides what is on them. */
  facets(run: string): Promise<Outcome<RunFacets>>;
  /** Its folders with the sites, places and clock shifts that hold for them; the first is the whole run. */
  folders(run: string): Promise<Outcome<RunFolderState[]>>;
  /** Says what a folder of it is. Faults: `run-not-found`, `run-folder-unknown`. */
  setFolder(run: string, change: RunFolderChange): Promise<Outcome<RunFolderState[]>>;
  /** Files of a run in order of finishing, read in pages. */
  paths(run: string): AsyncIterable<string>;
  /** Paths of the files of these items, in the order of the run. */
  itemPaths(picked: PickedItems): Promise<readonly string[]>;
  /** Failed items of a run, read in pages. */
  failures(run: string): AsyncIterable<{ readonly path: string; readonly fault: Fault }>;
};
