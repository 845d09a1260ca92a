import type { AsJson } from '../command.ts';

export type CopyOptions = AsJson & {
  readonly into?: string;
  readonly place?: string;
  readonly all?: boolean;
  readonly run: boolean;
  readonly model?: string;
};
