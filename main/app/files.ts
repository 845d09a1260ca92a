import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { SelectedFile, Selection } from '../../contract/calls/calls.ts';
import { Recent } from './recent.ts';

const listedFiles = 60;

/** A file or folder to select; `title` is what a pack calls its sample, `pastedAt` when it came from the clipboard. */
export type Choice = { readonly path: string; readonly title?: string; readonly pastedAt?: string };

/** What was chosen, with the paths that stay in this process. */
export type Chosen = { readonly title: string; readonly paths: readonly string[] };

/** Maps opaque, unguessable references to paths: the page never sees or sends a path. */
export class Files {
  readonly #pathOf: Recent<string, string>;
  readonly #refOf: Recent<string, string>;
  readonly #selections = new Recent<string, Chosen>(200);
  readonly #secret = randomBytes(4).readUInt32LE().toString(36);
  #next = 0;

  constructor(limit = 300_000) {
    this.#pathOf = new Recent(limit);
    this.#refOf = new Recent(limit);
  }

  /** The same reference for the same path, as long as it is remembered. */
  refOf = (path: string): string => {
    const known = this.#refOf.get(path);
    const ref = known ?? `f${this.#secret}${(this.#next += 1).toString(36).padStart(5, '0')}`;
    this.#refOf.set(path, ref);
    this.#pathOf.set(ref, path);
    return ref;
  };

  path(ref: string): Outcome<string> {
    const path = this.#pathOf.get(ref);
    return path === undefined ? failed('file-not-found', { file: ref }) : ok(path);
  }

  chosen(selection: string): Outcome<Chosen> {
    const found = this.#selections.get(selection);
    return found ? ok(found) : failed('file-not-found', { file: selection });
  }

  /** Folders stay what they are, so that a run walks them while it answers; only single files are listed. */
  async select(choices: readonly Choice[], title?: string): Promise<Selection> {
    const looked = await Promise.all(choices.slice(0, listedFiles).map((choice) => this.#look(choice)));
    const files = looked.filter((entry) => entry !== null);
    const paths = choices.map(({ path }) => path);
    const id = `s${this.#secret}${(this.#next += 1).toString(36)}`;
    const name = title ?? titleOf(paths);
    this.#selections.set(id, { title: name, paths });
    const [only] = paths;
    const isFolder = choices.length === 1 && files.length === 0 && only !== undefined;
    return {
      id,
      title: name,
      files,
      many: files.length < choices.length,
      ...(isFolder && { folder: this.refOf(only) }),
    };
  }

  /** Null for a folder. What is not there is listed all the same: its fault comes by name when it is asked for. */
  async #look({ path, title, pastedAt }: Choice): Promise<SelectedFile | null> {
    const info = await stat(path).catch(() => null);
    if (info?.isDirectory()) return null;
    const file = { ref: this.refOf(path), name: basename(path), size: info?.size ?? 0, title: title ?? null };
    return pastedAt === undefined ? file : { ...file, pastedAt };
  }
}

/** One file or folder by its own name, several by the folder that holds them. */
function titleOf(paths: readonly string[]): string {
  const first = paths[0] ?? '';
  const folder = dirname(first);
  if (paths.length === 1 || !paths.every((path) => dirname(path) === folder)) return basename(first);
  return basename(folder) || folder;
}
