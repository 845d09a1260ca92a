export type HttpLimits = {
  /** Most bytes of a body, as it comes and unpacked. */
  readonly maxBodyBytes: number;
  /** Bytes that all requests and answers under way may hold together; beyond it 503. Null: a part of the memory there is. */
  readonly requestMemoryBytes: number | null;
  readonly maxHeaderBytes: number;
  /** Most tensors of one request. */
  readonly maxTensors: number;
  /** Most elements of one tensor: the product of its shape, checked before anything is allocated. */
  readonly maxElements: number;
  readonly maxJsonDepth: number;
  /** Longest time for one answer. */
  readonly timeoutMs: number;
  /** Longest time to send a whole request, and to stay idle between two. */
  readonly receiveTimeoutMs: number;
  readonly keepAliveMs: number;
};

export const defaultHttpLimits: HttpLimits = {
  maxBodyBytes: 64 * 1024 ** 2,
  requestMemoryBytes: null,
  maxHeaderBytes: 16 * 1024,
  maxTensors: 1024,
  maxElements: 2 ** 28,
  maxJsonDepth: 64,
  timeoutMs: 300_000,
  receiveTimeoutMs: 30_000,
  keepAliveMs: 75_000,
};
