/** The answer to the photos that the window was opened with: `done` resolves with it, `finish` reports it. */
export type FirstResult = { readonly done: Promise<void>; readonly finish: () => void };

/**
 * A window that was opened with photos has one thing to do first: two cores are not enough for thumbnails and the proof of
 * the model beside it. Nothing waits longer than `timeoutMs`, and nothing at all where no photo is expected.
 */
export function expectFirstResult(isExpected: boolean, timeoutMs = 4_000): FirstResult {
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  if (isExpected) setTimeout(finish, timeoutMs).unref();
  else finish();
  return { done, finish };
}
