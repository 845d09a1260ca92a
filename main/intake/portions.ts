/** Groups a stream into arrays of at most `most` elements. */
export async function* inPortions<T>(source: AsyncIterable<T>, most = 256): AsyncGenerator<readonly T[]> {
  let portion: T[] = [];
  for await (const one of source) {
    portion.push(one);
    if (portion.length < most) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}
