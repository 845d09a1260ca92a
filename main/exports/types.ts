import type { Camera } from '../../contract/pictures/camera.ts';
import type { CellSeparator, ExportChoice } from '../../contract/runs/export.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import type { AnyItemTask } from '../../contract/tasks/index.ts';
import type { CopyRequest } from '../../contract/pictures/picture-copy.ts';
import type { CameraEvent, Deployment } from './outline/index.ts';

/** An item of a run for an export, in the order of the walk. */
export type ExportItem = {
  /** Its number in the run. */
  readonly seq: number;
  readonly path: string;
  /** Path relative to the given folder, with `/` as separator. */
  readonly name: string;
  /** Null with a fault, and where the answer was removed from the cache. */
  readonly record: PredictionRecord | null;
  /** The first label and its score, as stored with the run. */
  readonly label: string | null;
  readonly score: number | null;
  readonly fault: Fault | null;
  /** The name of the item of the run that has the same content. */
  readonly duplicateOf: string | null;
  /** The label that a person confirmed or corrected. */
  readonly confirmed: { readonly id: string; readonly label: string } | null;
  /** From the photo's metadata, with the rules about places applied (also in `record`). Null without metadata. */
  readonly camera: Camera | null;
  /** Time of capture by the corrected camera clock: `2021-04-11T20:43:09`. */
  readonly takenAt: string | null;
  readonly deployment: Deployment;
  readonly event: CameraEvent | null;
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
  /** Items with the content of another chosen one, among these or left out. */
  readonly duplicates: number;
  /** Items without a fault and without a time of capture. */
  readonly untimed: number;
  /** Items of the whole run, whatever was chosen. */
  readonly all: number;
  /** The task of the answers; null where no item has one. */
  readonly task: AnyItemTask | null;
  /** The choice that this is the result of. */
  readonly choice: ExportChoice;
  /** Every camera at every site of the run, including those of items that are not chosen. */
  readonly deployments: readonly Deployment[];
  items(): AsyncIterable<ExportItem>;
};

/** `threshold` defaults to the pack's, or to none in formats that export every stored box. */
export type FormatOptions = Pick<ExportChoice, 'threshold' | 'utcOffset' | 'exif' | 'blur' | 'package'> & {
  readonly separator: CellSeparator;
  /** A small JPEG of a photo; null if it cannot be read any more. Absent: the export has no pictures. */
  readonly thumbnail?: (path: string) => Promise<Uint8Array | null>;
  /** Bytes of a copy of a photo. Absent: formats of copies are not offered. */
  readonly copy?: (path: string, request: CopyRequest) => Promise<Outcome<Uint8Array>>;
};

/**
 * An export format. `write` yields the bytes of a file, or the files of a folder, and is deterministic. It throws an
 * `ExportError` if the format cannot hold the source.
 */
export type Format = {
  /** Holds boxes, so it needs a task that finds some. */
  readonly needsBoxes: boolean;
  /** Leaves out items with a fault. */
  readonly leavesFaultsOut: boolean;
  /** Needs times of capture, and leaves out photos without one. */
  readonly needsTimes?: true;
  /** Needs the coordinates of sites: refused where they are unknown or hidden. */
  readonly needsPlaces?: true;
  /** Maximum number of items. */
  readonly most?: number;
} & (
  | {
      readonly kind: 'file';
      write(source: ExportSource, options: FormatOptions): AsyncIterable<string | Uint8Array>;
    }
  | {
      readonly kind: 'folder';
      /** Can be resumed: its files appear one by one. Absent: the folder appears at once, when it is complete. */
      readonly goesOn?: true;
      write(source: ExportSource, options: FormatOptions): AsyncIterable<ExportedFile>;
    }
);
/** A file of an exported folder: its relative path with `/` as separator, and its content, made lazily. */
export type ExportedFile = {
  readonly path: string;
  readonly text: string | AsyncIterable<string> | (() => Promise<Uint8Array>);
  /** Memory that making it takes, about. */
  readonly memoryBytes?: number;
  /** How many items are read and done when it is written. */
  readonly items?: number;
};

/** Why a source cannot be written in a format. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
  readonly fault: Fault;
  constructor(why: Fault) {
    super(why.message);
    this.fault = why;
  }
}
