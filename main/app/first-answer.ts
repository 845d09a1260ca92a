/** What waits for the first answer, `given`, and how it is told that there is one. */
export type FirstAnswer = { readonly given: Promise<void>; readonly give: () => void };

/**
 * A window that was opened with photos has one thing to do first: two cores are not enough for thumbnails and the proof of
 * the model beside it. Nothing waits longer than `longestMs`, and nothing at all where no photo is expected.
 */
export function firstAnswer(isExpected: boolean, longestMs = 4_000): FirstAnswer {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  if (isExpected) setTimeout(give, longestMs).unref();
  else give();
  return { given, give };
}
