import type { z } from 'zod';
import type { Embedding } from '../packs/embedding.ts';
import type { Found } from '../runs/found.ts';
import type { DecodeWay, VariantName } from '../ids.ts';
import type { Labels, LabelScore } from '../packs/labels.ts';
import type { PreprocessingStep } from '../packs/picture-steps.ts';
import type { Reason } from '../faults/reasons.ts';
import type { OutputStep } from '../packs/scored-output.ts';
import type { TensorSpec } from '../tensors/tensor.ts';

/*
 * A task is what a model does: what goes in, what comes out, and how an answer is shortened, shown, compared and carried.
 * Each has one descriptor here, pure data and functions, and one file in main/worker/tasks, main/packs/build/tasks and
 * renderer/tasks. Everything else knows these types alone and never says a task's name: docs/add-a-task.md.
 */

/** What a caller asks of a result beyond its kind. Each task takes what concerns it; nothing here changes the numbers. */
export type ResultRequest = {
  /** Most entries (labels, boxes) that the caller wants. Absent: as many as are kept. */
  readonly top?: number;
  /** With the feature vector, where the pack has one. */
  readonly embedding?: boolean;
};

/** What the caller may choose and what changes the numbers: part of the result key through `settingsText`. */
export type NumberOptions = {
  readonly decode: DecodeWay;
  /** Tiles of a large photo are looked at as well, by tasks that can (`looksThoroughly`). */
  readonly thorough: boolean;
};

/** What of a result is written: so many entries, and none below the threshold (0 to 1); absent: as the task and the pack have it. */
export type PrintFilter = { readonly top?: number; readonly threshold?: number };

/** What stands for a whole result in a list, a search, a trial: its first label, and how many of it there are. */
export type Headline = LabelScore & { readonly count: number };

/** A row of a table, by column; what is absent is empty. */
export type Row = Readonly<Record<string, string | number | boolean>>;

/** A line for a terminal, below the input's name. `share` is drawn as a percentage and a bar. */
export type Line =
  | { readonly kind: 'share'; readonly label: string; readonly score: number }
  | { readonly kind: 'value'; readonly label: string; readonly value: string }
  | { readonly kind: 'values'; readonly name: string; readonly form: string; readonly values: string }
  | { readonly kind: 'text'; readonly text: string }
  /** Said of the result, and no part of it. */
  | { readonly kind: 'note'; readonly text: string };

/** A thing at its place: [left, top, right, bottom] in pixels of the photo as a person sees it. */
export type PlacedBox = {
  readonly index: number;
  readonly label: string;
  readonly score: number;
  readonly box: readonly [number, number, number, number];
  /** What it is more roughly, where the task says that as well. */
  readonly group?: { readonly label: string };
};
/** What is where on a photo of `width` × `height` pixels, best first. */
export type Placed = {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
};

/** A named tensor as plain values, row-major; its bytes are made where it leaves. */
export type TensorValues = {
  readonly name: string;
  readonly type: 'string' | 'float32' | 'int64';
  readonly dims: readonly number[];
  readonly values: readonly (string | number)[];
};

/** A golden sample's end: how far from what is expected, how far it may be, and whether it passed (labels may count, too). */
export type Comparison = {
  readonly distance: number;
  readonly allowed: number;
  readonly isRight: boolean;
};

/** The parts of a manifest that tasks read. `postprocessing` holds steps of every task; a task looks for its own. */
export type TaskManifest = {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly preprocessing: readonly PreprocessingStep[];
  readonly postprocessing: readonly OutputStep[];
  readonly embedding?: string;
};

/** An output as a manifest or a graph declares it; null where the graph leaves it open. */
type OutputShape = {
  readonly name: string;
  readonly shape: readonly (number | string | null)[] | null;
};

type Described<Printed> = {
  readonly id: string;
  /** What it does, in a few words of English, for the command line. */
  readonly summary: string;
  /** Steps that a manifest of this task may have behind the graph, told apart by `op`. */
  readonly steps: readonly z.ZodType<{ op: string }>[];
  /** A case of `golden.json`, told from those of other tasks by its `kind`. */
  readonly GoldenCase: z.ZodType<{ kind: string; name: string }>;
  /** What a schema cannot say of a manifest: one line for each contradiction. */
  findContradictions(manifest: TaskManifest): readonly Reason[];
  /** The output that has one value for each label, and how many those are; null where that is not said. */
  labelled(manifest: TaskManifest, outputs: readonly OutputShape[]): Labelled | null;
  /** Columns of `rows`, in the order of CSV files: a promise to scripts. */
  readonly columns: readonly string[];
  /** Of a task that other packs do together: the task of the pack in each role. Absent: a model file does it. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Rows of what was printed; none for a result without any entry. */
  rows(printed: Printed): readonly Row[];
  /** Other tables that a caller may ask for by name (`--rows`), such as one with a row for each box. */
  readonly otherRows?: Readonly<Record<string, Table<Printed>>>;
  lines(printed: Printed): readonly Line[];
};
type Table<Printed> = { readonly columns: readonly string[]; rows(printed: Printed): readonly Row[] };
type Labelled = { readonly output: string; readonly count: number };

/**
 * A task whose input is one item of its kind (a photo) and whose result is data. `Stored` is what is stored with every
 * answer, `Printed` what records show of it, `Expected` what a golden sample holds for one variant.
 */
export type ItemTask<
  Stored extends { readonly task: string; readonly embedding?: Embedding | undefined },
  Printed extends { readonly task: string },
  Expected,
> = Described<Printed> & {
  readonly input: 'picture';
  /** The result is the pack's feature vector, and every caller gets it. Absent: who asks for it gets it beside the result. */
  readonly embeds?: true;
  readonly Result: z.ZodType<Stored>;
  readonly Printed: z.ZodType<Printed>;
  /** `file` is the photo, and `expected` has at most one row a variant. */
  readonly GoldenCase: z.ZodType<{
    kind: string;
    name: string;
    file: string;
    expected: (Expected & { variant: VariantName })[];
  }>;
  /** Its models can look at overlapping tiles of a large photo as well: the option `thorough` is offered. */
  readonly looksThoroughly?: true;
  /** Canonical text of what besides pack, variant and provider changes the numbers: part of the result key. */
  settingsText(manifest: TaskManifest, options: NumberOptions): string;
  /** What a worker is asked for, so that what is stored serves other requests as well. */
  widen(request: ResultRequest): ResultRequest;
  /** The result as it was asked for: what is stored holds more. */
  trim(result: Stored, request: ResultRequest): Stored;
  /** Whether a stored result holds all that is asked for, so that nothing has to run. */
  suffices(result: Stored, request: ResultRequest): boolean;
  /** Null where the model found nothing to name. */
  headline(result: Stored): Headline | null;
  /** Absent: the task does not rank labels of the whole item. Best first. */
  ranked?(result: Stored): readonly LabelScore[];
  /** Absent: the task does not find things, so that no photo of it is empty. From the pack's threshold on. */
  found?(result: Stored): Found;
  /** Labels of the whole item that a person may confirm, best first, whether or not they count; absent: those of `ranked`. */
  candidates?(result: Stored): readonly LabelScore[];
  /** Of a task with roles, what things are called beside the labels of the pack that finds them; `ofRole`: labels of the packs. */
  nameLabels?(manifest: TaskManifest, ofRole: Readonly<Record<string, Labels>>): Labels;
  print(result: Stored, filter: PrintFilter): Printed;
  /** Absent: the task says nothing of places. For files that hold boxes. */
  placed?(printed: Printed): Placed;
  /** How far a result is from what a golden sample expects. */
  distance(expected: Expected, result: Stored): Comparison;
  /** Tensors of several results over the protocols that speak in tensors; names, types and shapes with -1 where free. */
  readonly outputs: readonly TensorSpec[];
  /** How many entries each item gets over those protocols: `asked` null is a fair number. A string says why it is refused. */
  entries(asked: number | null, labelCount: number): number | string;
  /** As `outputs` declares them; `top` is what `entries` gave. */
  tensors(results: readonly Stored[], top: number): readonly TensorValues[];
  /** What TensorFlow's own models of this task give, for clients of TensorFlow Serving: at most `top` entries of each item. */
  readonly tensorFlow?: {
    readonly top: number;
    readonly outputs: readonly TensorSpec[];
    tensors(results: readonly Stored[], top: number): readonly TensorValues[];
  };
};

/** A task whose input and output are the graph's own tensors: nothing is prepared, nothing interpreted. */
export type RawTask<Printed extends { readonly task: string }> = Described<Printed> & {
  readonly input: 'tensors';
  readonly Printed: z.ZodType<Printed>;
};
