import type { Store } from '../../store/index.ts';

const pageSize = 500;

/** Files of a run in order of finishing; a page at a time, so that a long run takes no memory. */
export async function* runPaths(store: Store, run: string): AsyncGenerator<string> {
  for (let offset = 0; ; offset += pageSize) {
    const page = { run, show: 'all', unsureBelow: 0, search: '', offset, limit: pageSize } as const;
    const { rows } = await store.runPage(page);
    for (const { path } of rows) yield path;
    if (rows.length < pageSize) return;
  }
}
