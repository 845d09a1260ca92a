import { argumentsAsGiven } from '../lib/file-names.ts';
import { placesFrom } from './places.ts';
import type { Host } from './places.ts';
import { runProgram } from './program.ts';

// Turn off ONNX Runtime's telemetry; workers inherit it.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/**
 * The command line: `argv` without runtime and script. Resolves to the exit code when everything is closed. Inside the
 * installed program the host says where the packs lie and how workers start.
 */
export function main(argv: readonly string[], host: Host = {}): Promise<number> {
  const isColored = (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  return runProgram(argumentsAsGiven(argv), {
    places: { ...placesFrom(import.meta.url), ...host },
    streams: { out: process.stdout, error: process.stderr },
    isColored,
  });
}
