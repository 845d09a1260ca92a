import { powerSaveBlocker } from 'electron';

/** Keeps the system from going to sleep while it is wanted; the screen may go dark. */
export function createKeepAwake(blocker: Pick<typeof powerSaveBlocker, 'start' | 'stop'> = powerSaveBlocker) {
  let id: number | null = null;
  return (isWanted: boolean): void => {
    if (isWanted) id ??= blocker.start('prevent-app-suspension');
    else if (id !== null) {
      blocker.stop(id);
      id = null;
    }
  };
}
