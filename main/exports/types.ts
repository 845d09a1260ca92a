import type { CellSeparator } from '../../contract/export.ts';
import type { Fault } from '../../contract/faults.ts';
import type { PredictionRecord } from '../../contract/prediction.ts';
import type { AnyItemTask } from '../../contract/tasks/index.ts';

/** An item of a run as an export sees it, in the order of the walk. */
export type ExportItem = {
  readonly path: string;
  /** Below the folder that was given, with `/` between the steps. */
  readonly name: string;
  /** Null with a fault, and where the answer was removed from the cache. */
  readonly record: PredictionRecord | null;
  /** The first label and its score, as the run kept them. */
  readonly label: string | null;
  readonly score: number | null;
  readonly fault: Fault | null;
  /** What a person said of this photo. */
  readonly confirmed: { readonly id: string; readonly label: string } | null;
};

/** What is exported. `items` may be walked several times and gives the same `total` items each time. */
export type ExportSource = {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly version: string;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly total: number;
  readonly faults: number;
  /** The task of the answers; null where no item has one. */
  readonly task: AnyItemTask | null;
  items(): AsyncIterable<ExportItem>;
};

export type FormatOptions = {
  /** Boxes and labels below it are left out, 0 to 1; absent: the pack's, or all that are kept where a format says so. */
  readonly threshold?: number;
  readonly separator: CellSeparator;
  /** A small JPEG of a photo; null where it cannot be read any more. Absent: nothing is pictured. */
  readonly thumbnail?: (path: string) => Promise<Uint8Array | null>;
};

/**
 * A form of file. `write` gives its bytes in order, or the files of a folder; both are the same for the same source. It
 * throws an `ExportError` where the source does not fit.
 */
export type Format = {
  /** Holds places and needs a task that finds some. */
  readonly needsBoxes: boolean;
  /** Items with a fault have no place in it. */
  readonly leavesFaultsOut: boolean;
  /** Most items that it can hold. */
  readonly most?: number;
} & (
  | {
      readonly kind: 'file';
      write(source: ExportSource, options: FormatOptions): AsyncIterable<string | Uint8Array>;
    }
  | {
      readonly kind: 'folder';
      write(source: ExportSource, options: FormatOptions): AsyncIterable<ExportedFile>;
    }
);
/** A file of an exported folder: its place in it with `/` between the steps, and its text. */
export type ExportedFile = { readonly path: string; readonly text: string };

/** Why a source cannot be written in a format. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
  readonly fault: Fault;
  constructor(why: Fault) {
    super(why.message);
    this.fault = why;
  }
}
