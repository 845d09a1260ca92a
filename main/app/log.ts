import { appendFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../lib/make-folders.ts';

export type Level = 'info' | 'warn' | 'error';
export type Log = {
  write(level: Level, text: string): void;
  /** Waits until everything written so far is in the file. */
  flush(): Promise<void>;
};
type LogOptions = {
  readonly folder: string;
  /** Paths below it are the program's own and stay readable; all others are a person's and are left out. */
  readonly programFolder: string;
  readonly maxBytes?: number;
};

/** `outpost.log` in `folder`; when it grows over `maxBytes` it becomes `outpost.1.log`, and what was that is dropped. */
export function openLog({ folder, programFolder, maxBytes = 1024 ** 2 }: LogOptions): Log {
  const file = join(folder, 'outpost.log');
  let last = Promise.resolve();

  async function append(line: string): Promise<void> {
    await makeFolders(folder);
    const size = await stat(file).then(
      (info) => info.size,
      () => 0,
    );
    if (size > 0 && size + line.length > maxBytes) await rename(file, join(folder, 'outpost.1.log'));
    await appendFile(file, line, { mode: 0o600 });
  }

  return {
    write(level, text) {
      const line = `${new Date().toISOString()} ${level} ${withoutPaths(text, programFolder)}\n`;
      // Logging must never fail its caller.
      last = last.then(() => append(line)).catch(() => undefined);
    },
    flush: () => last,
  };
}

/** The text without paths of a person's files: in quotes, or from a root up to where the path can no longer go on. */
export function withoutPaths(text: string, programFolder: string): string {
  return text
    .replaceAll(programFolder, '.')
    .replaceAll('file://./', './')
    .replace(/(["'`])(?:\/|~\/|[A-Za-z]:[\\/]|\\\\)[^"'`\n]*\1/gu, '<path>')
    .replace(
      /(?<![\w.:/<>-])(?:file:\/\/|~)?(?:\/[^\s"'`:),]|[A-Za-z]:[\\/]|\\\\)(?:[^\n"'`:),]*\.\w{1,5}\b|[^\s"'`:),]*)/gu,
      '<path>',
    );
}
