/**
 * Takes the two signals that nobody is meant to send and that do harm by default: SIGUSR1 opens Node's debugger to
 * whoever may reach this computer's ports, SIGUSR2 ends the process. `note` is told of each; nothing else happens.
 * Windows has neither.
 */
export function ignoreUserSignals(note: (text: string) => void = () => undefined): void {
  if (process.platform === 'win32') return;
  for (const name of ['SIGUSR1', 'SIGUSR2'] as const) process.on(name, () => note(`${name} does nothing`));
}
