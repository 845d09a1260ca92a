import { resolve } from 'node:path';

export type AppArguments = {
  readonly data: string | undefined;
  readonly models: readonly string[];
  /** Absolute paths of files and folders to open. */
  readonly files: readonly string[];
};

/**
 * What a person gave behind the program's name: `--data FOLDER`, `--models FOLDER`, files and folders. Chromium's own
 * switches are among the words and are passed over. `appPath` is absent in the installed program, where no word names it.
 */
export function parseArguments(argv: readonly string[], cwd: string, appPath?: string): AppArguments {
  const found =
    appPath === undefined ? 0 : argv.findIndex((word, at) => at > 0 && resolve(cwd, word) === appPath);
  const words = argv.slice(found + 1);
  const files: string[] = [];
  const models: string[] = [];
  let data: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const [name, joined] = splitOption(word);
    if (name === '--data' || name === '--models') {
      const value = joined ?? words[(at += 1)];
      if (value === undefined) continue;
      if (name === '--data') data = resolve(cwd, value);
      else models.push(resolve(cwd, value));
    } else if (!word.startsWith('-')) files.push(resolve(cwd, word));
  }
  return { data, models, files };
}

function splitOption(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  return word.startsWith('--') && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, undefined];
}
