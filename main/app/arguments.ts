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

/** The commands of the command line: a word among them in the place of a file asks for an answer in the terminal. */
export const commandVerbs = [
  'bench',
  'cache',
  'depart',
  'doctor',
  'feed',
  'help',
  'models',
  'pack',
  'predict',
  'serve',
  'settings',
  'submit',
  'work',
] as const;

/** Words that are Chromium's alone: what the starting script puts in front of a command. */
const chromiumSwitches = /^--(?:ozone-platform=\w+|no-sandbox|no-zygote|disable-gpu|log-level=\d)$/u;
const helpWords = new Set(['--help', '--version']);
const modelLink = /^outpost:\/\/models\/([^/]+)\/?$/u;

/**
 * What a person gave behind the program's name: `--data FOLDER`, `--models FOLDER`, files and folders, and at most one
 * link. Chromium's own switches are among the words and are passed over. `appPath` is absent in the installed program,
 * where no word names it.
 */
export function parseArguments(argv: readonly string[], cwd: string, appPath?: string): AppArguments {
  const words = wordsBehind(argv, cwd, appPath);
  const files: string[] = [];
  const models: string[] = [];
  let data: string | undefined;
  let model: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const [name, joined] = splitOption(word);
    if (name === '--data' || name === '--models') {
      const value = joined ?? words[(at += 1)];
      if (value === undefined) continue;
      if (name === '--data') data = resolve(cwd, value);
      else models.push(resolve(cwd, value));
    } else if (/^outpost:/iu.test(word)) model = linkedModel(word);
    else if (!word.startsWith('-')) files.push(resolve(cwd, word));
  }
  return { data, models, files, model };
}

/** `outpost://models/<id>` shows that model. A link comes from anywhere, so nothing else is understood, in any spelling. */
export function linkedModel(link: string): string | undefined {
  return PackId.safeParse(modelLink.exec(link)?.[1]).data;
}

/** The words for the command line, or null when they ask for the window. */
export function commandWords(
  argv: readonly string[],
  cwd: string,
  appPath?: string,
): readonly string[] | null {
  const words = wordsBehind(argv, cwd, appPath);
  const at = words.findIndex((word, index) => {
    const before = words[index - 1];
    return before !== '--data' && before !== '--models' && (helpWords.has(word) || !word.startsWith('-'));
  });
  const found = words[at];
  if (found === undefined) return null;
  if (!helpWords.has(found) && !(commandVerbs as readonly string[]).includes(found)) return null;
  return [...words.slice(0, at).filter((word) => !chromiumSwitches.test(word)), ...words.slice(at)];
}

function wordsBehind(argv: readonly string[], cwd: string, appPath?: string): readonly string[] {
  const found =
    appPath === undefined ? 0 : argv.findIndex((word, at) => at > 0 && resolve(cwd, word) === appPath);
  return argv.slice(found + 1);
}

function splitOption(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  return word.startsWith('--') && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, undefined];
}
