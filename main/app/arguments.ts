import { resolve } from 'node:path';
import { PackId } from '../../contract/ids.ts';

export type AppArguments = {
  readonly data: string | undefined;
  readonly models: readonly string[];
  /** Absolute paths of files and folders to open. */
  readonly files: readonly string[];
  /** Id of the model that a link asks to show. */
  readonly model: string | undefined;
};

/** The subcommands: with one of them as first argument the program runs in the terminal. */
export const commandVerbs = [
  'bench',
  'cache',
  'card',
  'depart',
  'doctor',
  'export',
  'feed',
  'help',
  'models',
  'pack',
  'predict',
  'run',
  'serve',
  'settings',
  'similar',
  'submit',
  'watch',
  'work',
] as const;

/** Chromium switches that the launcher script puts in front of a subcommand. */
const chromiumSwitches = /^--(?:ozone-platform=\w+|no-sandbox|no-zygote|disable-gpu|log-level=\d)$/u;
const helpOptions = new Set(['--help', '--version']);
const modelLink = /^outpost:\/\/models\/([^/]+)\/?$/u;

/**
 * Parses what stands behind the program's name: `--data FOLDER`, `--models FOLDER`, files and folders, and at most one
 * link. Unknown options are skipped, as Chromium's own switches are among them. `appPath` is absent in the installed
 * program, where no argument names it.
 */
export function parseArguments(argv: readonly string[], cwd: string, appPath?: string): AppArguments {
  const args = userArguments(argv, cwd, appPath);
  const files: string[] = [];
  const models: string[] = [];
  let data: string | undefined;
  let model: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]!;
    const [name, joined] = splitOption(word);
    if (name === '--data' || name === '--models') {
      const value = joined ?? args[(at += 1)];
      if (value === undefined) continue;
      if (name === '--data') data = resolve(cwd, value);
      else models.push(resolve(cwd, value));
    } else if (/^outpost:/iu.test(word)) model = linkedModel(word);
    else if (!word.startsWith('-')) files.push(resolve(cwd, word));
  }
  return { data, models, files, model };
}

/** `outpost://models/<id>` shows that model. Links are untrusted input: anything else is rejected. */
export function linkedModel(link: string): string | undefined {
  return PackId.safeParse(modelLink.exec(link)?.[1]).data;
}

/** The arguments for the command line, or null when they name no command and the window opens. */
export function commandArguments(
  argv: readonly string[],
  cwd: string,
  appPath?: string,
): readonly string[] | null {
  const args = userArguments(argv, cwd, appPath);
  const at = args.findIndex((word, index) => {
    const before = args[index - 1];
    return before !== '--data' && before !== '--models' && (helpOptions.has(word) || !word.startsWith('-'));
  });
  const found = args[at];
  if (found === undefined) return null;
  if (!helpOptions.has(found) && !(commandVerbs as readonly string[]).includes(found)) return null;
  return [...args.slice(0, at).filter((word) => !chromiumSwitches.test(word)), ...args.slice(at)];
}

function userArguments(argv: readonly string[], cwd: string, appPath?: string): readonly string[] {
  const found =
    appPath === undefined ? 0 : argv.findIndex((word, at) => at > 0 && resolve(cwd, word) === appPath);
  return argv.slice(found + 1);
}

function splitOption(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  return word.startsWith('--') && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, undefined];
}
