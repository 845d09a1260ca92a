import type { Served } from '../../../contract/serving.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;
export type RequestSpan = {
  /** What is served in here belongs to this request. */
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
  /** A listener for what is served, which may be told twice of the same. Puts the spans `queue` and `run` under the request within which this was served. */
  onServed(served: Served): void;
  /** Sends what is left, for five seconds at most, and ends. */
  close(): Promise<void>;
};
