import type { HttpLimits } from './context.ts';

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
