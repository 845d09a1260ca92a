import type { Serving } from '../../serving/index.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;
export type RequestSpan = {
  /** What is asked in here belongs to this request. */
  within<T>(work: () => T): T;
  /** Ends the span once; later calls do nothing. */
  end(attributes: Attributes, isFault: boolean): void;
};
export type Tracing = {
  /** A server span; `traceparent` and `tracestate` are taken over as W3C writes them. */
  begin(request: {
    readonly name: string;
    readonly traceparent?: string;
    readonly tracestate?: string;
    readonly attributes: Attributes;
  }): RequestSpan;
  /** The same, with the spans `queue` and `run` under the request within which something is asked; one that is followed already comes back as it is. */
  follow(serving: Serving): Serving;
  /** Sends what is left, for five seconds at most, and ends. */
  close(): Promise<void>;
};
