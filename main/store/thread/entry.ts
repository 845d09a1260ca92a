import { queries } from '../queries.ts';
import { serveThread } from './serve.ts';

serveThread(queries);
