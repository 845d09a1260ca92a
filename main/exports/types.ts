import type { Camera } from '../../contract/camera.ts';
import type { CellSeparator, ExportChoice } from '../../contract/export.ts';
import type { Fault, Outcome } from '../../contract/faults.ts';
import type { PredictionRecord } from '../../contract/prediction.ts';
import type { AnyItemTask } from '../../contract/tasks/index.ts';
import type { CopyRequest } from '../../contract/picture-copy.ts';
import type { CameraEvent, Deployment } from './outline/index.ts';

/** An item of a run as an export sees it, in the order of the walk. */
export type ExportItem = {
  /** Its number in the run. */
  readonly seq: number;
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
  /** As the photo says, its place as the rules leave it; so in `record`. Null where it says nothing. */
  readonly camera: Camera | null;
  /** When it was taken, by the camera's clock as a person set it right: `2021-04-11T20:43:09`. */
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
  /** Items without a fault that do not say when they were taken. */
  readonly untimed: number;
  /** Items of the whole run, whatever was chosen. */
  readonly all: number;
  /** The task of the answers; null where no item has one. */
  readonly task: AnyItemTask | null;
  /** What was asked for. */
  readonly choice: ExportChoice;
  /** Every camera at every site of the run, also of items that the choice leaves out. */
  readonly deployments: readonly Deployment[];
  items(): AsyncIterable<ExportItem>;
};

/** `threshold`, where it is absent: the pack's, or all that are kept where a format says so. */
export type FormatOptions = Pick<ExportChoice, 'threshold' | 'utcOffset' | 'exif' | 'blur' | 'package'> & {
  readonly separator: CellSeparator;
  /** A small JPEG of a photo; null where it cannot be read any more. Absent: nothing is pictured. */
  readonly thumbnail?: (path: string) => Promise<Uint8Array | null>;
  /** Bytes of a copy of a photo. Absent: formats of copies are not offered. */
  readonly copy?: (path: string, request: CopyRequest) => Promise<Outcome<Uint8Array>>;
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
  /** Holds when photos were taken: those that do not say it have no place in it. */
  readonly needsTimes?: true;
  /** Holds where sites are, and cannot leave it out. */
  readonly needsPlaces?: true;
  /** Most items that it can hold. */
  readonly most?: number;
} & (
  | {
      readonly kind: 'file';
      write(source: ExportSource, options: FormatOptions): AsyncIterable<string | Uint8Array>;
    }
  | {
      readonly kind: 'folder';
      /** Begun again where it was broken off; its files are there one by one. Absent: whole or not at all. */
      readonly goesOn?: true;
      write(source: ExportSource, options: FormatOptions): AsyncIterable<ExportedFile>;
    }
);
/** A file of an exported folder: its place in it with `/` between the steps, and what is in it, made when it is needed. */
export type ExportedFile = {
  readonly path: string;
  readonly text: string | AsyncIterable<string> | (() => Promise<Uint8Array>);
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
