/** Gate for the first result of a window opened with photos: `done` resolves with it, `finish` opens it. */
export type FirstResult = { readonly done: Promise<void>; readonly finish: () => void };

/**
 * With photos to answer at start, thumbnails and the proof of the model are deferred until the first result, at most
 * `timeoutMs`: two cores are not enough for all three. Without photos nothing waits.
 */
export function expectFirstResult(isExpected: boolean, timeoutMs = 4_000): FirstResult {
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  if (isExpected) setTimeout(finish, timeoutMs).unref();
  else finish();
  return { done, finish };
}
