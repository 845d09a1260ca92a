import { placesFrom } from './places.ts';
import { runProgram } from './program.ts';

/** The command line: `argv` without runtime and script. Resolves to the exit code when everything is closed. */
export function main(argv: readonly string[]): Promise<number> {
  const isColored = (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  return runProgram(argv, {
    places: placesFrom(import.meta.url),
    streams: { out: process.stdout, error: process.stderr },
    isColored,
  });
}
