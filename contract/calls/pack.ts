import { z } from 'zod';
import { call } from './call.ts';
import { FileRef } from '../ids.ts';
import { PreprocessingStep } from '../packs/picture-steps.ts';
import { packFiles, PackForm, PackLook, PreparedPhoto } from '../packs/pack-build.ts';
import { Timeline } from '../lifecycle/timeline.ts';

/** Kinds of files that the dialogs of a form are for; `inputs` are no photos. */
export const PackChoice = z.enum(['labels', 'steps', 'inputs', 'variant', ...packFiles]);
export type PackChoice = z.infer<typeof PackChoice>;

/** A pack made of a bare model file, as `outpost pack build` makes it. */
export const packCalls = {
  /** Reads the model file and judges the form; runs nothing. */
  'pack.look': call({
    in: z.strictObject({ ref: FileRef, form: PackForm }),
    out: PackLook,
    clients: ['window'],
  }),
  /** Files that a form takes beside photos; null when nothing was chosen. */
  'pack.choose': call({
    in: z.strictObject({ kind: PackChoice }),
    out: z.array(z.strictObject({ ref: FileRef, name: z.string(), size: z.number() })).nullable(),
    clients: ['window'],
  }),
  /** What a model would get of this photo. */
  'pack.prepare': call({
    in: z.strictObject({ photo: FileRef, steps: z.array(PreprocessingStep).max(16) }),
    out: PreparedPhoto,
    clients: ['window'],
  }),
  /** Builds the pack, runs it against the golden inputs, and installs it as the person's own. `request` names it for `pack.stop`. */
  'pack.build': call({
    in: z.strictObject({
      ref: FileRef,
      form: PackForm,
      golden: z.array(FileRef).max(60),
      request: z.string().max(40),
    }),
    out: Timeline,
    clients: ['window'],
  }),
  /** Nothing is left of the build. */
  'pack.stop': call({
    in: z.strictObject({ request: z.string().max(40) }),
    out: z.void(),
    clients: ['window'],
  }),
} as const;
