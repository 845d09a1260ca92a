/** A set-up step that failed: what failed, why, and what to do about it. */
export class SetupError extends Error {
  constructor(what, why, todo) {
    super(`${what}\n  why:  ${why}\n  do:   ${todo}`);
    this.name = 'SetupError';
  }
}

/** Writes one line a step, with the time it took. `log` takes one line of text. */
export function createReport(log) {
  const started = performance.now();
  return {
    /** Runs `work` and prints the text that it returns, with its duration. */
    async step(name, work) {
      const begun = performance.now();
      const outcome = await work((note) => log(`  ${name.padEnd(10)} ${note}`));
      log(`  ${name.padEnd(10)} ${outcome.text} (${seconds(performance.now() - begun)})`);
      return outcome.value;
    },
    finish() {
      log(`  ready in ${seconds(performance.now() - started)}`);
    },
  };
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
