import type { ApiRequest } from '../../contract/access.ts';
import type { AccessEntry } from '../http/index.ts';

const kept = 200;
/** A path can be as long as a header may be; the page needs its beginning. */
const longestPath = 300;

export type RequestList = {
  readonly add: (entry: AccessEntry) => void;
  readonly newestFirst: () => readonly ApiRequest[];
};

/** The last requests, in memory alone. */
export function requestList(onChange: () => void): RequestList {
  const requests: ApiRequest[] = [];
  let seq = 0;
  return {
    add: (entry) => {
      seq += 1;
      requests.push({ seq, ...entry, path: entry.path.slice(0, longestPath) });
      if (requests.length > kept) requests.shift();
      onChange();
    },
    newestFirst: () => requests.toReversed(),
  };
}
