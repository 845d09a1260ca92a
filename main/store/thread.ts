import { queries } from './queries.ts';
import { serveThread } from './serve-thread.ts';

serveThread(queries);
