/** What is wrong with a JSON text, at a byte of it. */
export class JsonFault extends Error {
  readonly offset: number;
  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}
