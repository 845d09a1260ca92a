import type { Command } from 'commander';
import type { Session } from './session.ts';

export type Add = (parent: Command, name: string, description: string) => Command;
export type Does = <O extends object>(
  command: Command,
  work: (session: Session, options: O, args: readonly string[]) => Promise<number>,
) => void;
export type AsJson = { readonly json?: boolean };
export type SourceOptions = AsJson & {
  readonly feed?: string;
  readonly acceptExpired?: boolean;
  readonly channel?: string;
};
export type InstallOptions = SourceOptions & { readonly allowUnsigned?: boolean };
