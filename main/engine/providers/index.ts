export { deviceName, offeredProviders } from './device.ts';
export { createFallback } from './fallback.ts';
export type { Fallback } from './fallback.ts';
export { createIdleWork } from './idle-work.ts';
export { createProviders } from './providers.ts';
export type { Providers } from './providers.ts';
