import type { DecodeWay } from '../../../contract/ids.ts';

export type WorkOptions = {
  readonly queue: string;
  readonly sharedRoot?: string;
  readonly workers: number | undefined;
  readonly threads: number | undefined;
  readonly gracefulTimeout: number;
};
export type SubmitOptions = {
  readonly queue: string;
  readonly model?: string;
  readonly decode?: DecodeWay;
  readonly thorough?: boolean;
  readonly sharedRoot?: string;
  readonly contentBudget: number;
  readonly wait?: boolean;
  readonly out?: string;
  readonly top?: number;
  readonly threshold?: number;
  readonly again?: boolean;
  readonly status?: boolean;
  readonly json?: boolean;
};
