import type { Command } from 'commander';
import type { Add, Does } from '../command.ts';
import { gather } from '../options.ts';
import type { GivenOptions } from './read-config.ts';

/** `outpost serve`: the engine for other programs. What a value may be is judged once, with the config file's. */
export function addServeCommand(program: Command, add: Add, does: Does): void {
  const serve = add(program, 'serve', 'Answer other programs over HTTP: one engine, the protocols they know.')
    .option('--bind <host:port>', 'where to listen; unix:FILE for a socket (default: 127.0.0.1:8501)')
    .option('--grpc-bind <host:port>', 'answer gRPC there too')
    .option('--workers <n>', 'most worker processes, for each model or in all, or auto')
    .option('--min-workers <n>', 'fewest: more while requests wait and memory is free (default: --workers)')
    .option('--threads <n>', 'threads in each worker, or auto')
    .option(
      '--inference <way>',
      'in-process, or isolated: models run apart from HTTP (default: in-process where it works)',
    )
    .option('--timeout <s>', 'longest time for one answer (default: 300)')
    .option('--graceful-timeout <s>', 'time to finish what is under way at the end (default: 30)')
    .option('--max-requests <n>', 'replace a worker after so many (default: 0, never)')
    .option('--max-requests-jitter <n>', 'and up to so many more, drawn for each')
    .option('--keep-alive <s>', 'keep an idle connection so long (default: 75)')
    .option('--receive-timeout <s>', 'a whole request has to arrive in this time (default: 30)')
    .option('--max-body <size>', 'largest body (default: 64mb)')
    .option(
      '--request-memory <size>',
      'what requests and answers under way may hold, then 503 (default: auto, a sixth of the memory)',
    )
    .option('--backlog <n>', 'requests that may wait, then 503 (default: 2048)')
    .option('--max-wait <s>', 'a request that would wait longer gets 503 at once (default: 20)')
    .option('--token-file <file>', 'tokens that may ask, a line each: name:token')
    .option('--allowed-host <name>', 'answer to this host name too; may be given again', gather)
    .option('--cors-origin <origin>', 'pages of this origin may ask; may be given again', gather)
    .option(
      '--load <id>',
      'load this model before being ready: an id, all or none; may be given again',
      gather,
    )
    .option('--max-loaded <n>', 'models in memory at the same time (default: 64)')
    .option('--shared-below <size>', 'models of at most this size share processes (default: 4mb; 0: none)')
    .option(
      '--cache <id>',
      'answer tensors of this model from the store when asked again: an id or all; may be given again',
      gather,
    )
    .option('--decode <way>', 'exact, or fast: large JPEGs sooner, and scores move a little')
    .option('--control', 'whoever may ask may load and unload models')
    .option('--model-name <id>', 'name of a bare ONNX file in a --models folder')
    .option('--config <file>', 'the same words, as YAML');
  does<GivenOptions>(serve, async (session, options) =>
    (await import('./start.ts')).startServe(session, options),
  );
}
