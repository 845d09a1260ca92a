import type { ApiRequest } from '../../contract/serving/access.ts';
import type { AccessEntry } from '../http/index.ts';

const maxRequests = 200;
/** A path may be as long as a header; the page shows only its beginning. */
const longestPath = 300;

type RequestList = {
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
      if (requests.length > maxRequests) requests.shift();
      onChange();
    },
    newestFirst: () => requests.toReversed(),
  };
}
