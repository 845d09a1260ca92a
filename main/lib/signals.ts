/**
 * Handles two signals whose default action does harm: SIGUSR1 opens Node's debugger to anyone who can reach a local
 * port, SIGUSR2 ends the process. Each is only reported to `note`. Windows has neither.
 */
export function ignoreUserSignals(note: (text: string) => void = () => undefined): void {
  if (process.platform === 'win32') return;
  for (const name of ['SIGUSR1', 'SIGUSR2'] as const) process.on(name, () => note(`${name} does nothing`));
}
