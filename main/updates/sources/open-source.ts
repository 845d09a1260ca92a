import type { Outcome } from '../../../contract/faults/faults.ts';
import type { UpdateSource } from '../../../contract/lifecycle/update.ts';
import { openBundle } from './bundle.ts';
import { openFolder } from './folder.ts';
import { openHttp } from './http.ts';
import type { Executor } from '../http-get.ts';
import type { MetadataSource } from './source.ts';

/** Opens any kind of feed; the caller closes it. */
export async function openSource(source: UpdateSource, executor: Executor): Promise<Outcome<MetadataSource>> {
  switch (source.kind) {
    case 'http':
      return openHttp(source.address, executor);
    case 'folder':
      return openFolder(source.path);
    case 'bundle':
      return openBundle(source.path);
  }
}
