import type { Outcome } from '../../../contract/faults/faults.ts';
import type { PreprocessingStep } from '../../../contract/packs/picture-steps.ts';
import type { Result, ResultRequest } from '../../../contract/tasks/index.ts';
import type { JoinedSpec, LoadSpec } from '../../../contract/wire.ts';
import type { Decoder, Picture } from '../decoder.ts';
import type { Session } from '../session.ts';

/** An input as a task sees it; its bytes were read already. */
export type TaskInput = {
  readonly name: string;
  /** Tiles of a large photo are to be looked at as well. */
  readonly thorough: boolean;
  /** The picture as these steps decode it. A task may look more than once, and the time of each look is counted. */
  picture(steps: readonly PreprocessingStep[]): Promise<Outcome<Picture>>;
  /**
   * All of the picture, decoded exactly and not scaled, so that parts can be cut from it; one of more than 8192 pixels a
   * side is scaled to fit into that.
   */
  whole(steps: readonly PreprocessingStep[]): Promise<Outcome<Picture>>;
  cut: Decoder['cut'];
};

/** A loaded model that answers inputs: what goes into the graph is prepared, and what comes out is interpreted. */
export type OpenedTask = {
  answer(input: TaskInput, request: ResultRequest): Promise<Outcome<Result>>;
  /** Several at once, in as few runs as the graph takes them; absent: each is a run of its own. The first fault ends it. */
  answerAll?(inputs: readonly TaskInput[], request: ResultRequest): Promise<Outcome<readonly Result[]>>;
};

/** `file`: the name of the model's file, for faults. */
export type TaskModel = { readonly session: Session; readonly spec: LoadSpec; readonly file: string };

/** Checks once that the graph can be fed and read as the manifest says. Fault: `onnx-mismatch`. */
export type OpenTask = (model: TaskModel) => Outcome<OpenedTask>;

/** Opened models that answer together, by their roles, and the steps of the pack that joins them. */
export type JoinedTasks = {
  readonly spec: JoinedSpec;
  readonly parts: ReadonlyMap<string, OpenedTask>;
};
export type OpenJoined = (joined: JoinedTasks) => Outcome<OpenedTask>;
