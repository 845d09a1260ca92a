import type { ProviderChoice as Provider, VariantChoice as Variant } from '../../contract/ids.ts';

// Copied lists: importing the contract's would bring the whole schema library into the page.
export const providerChoices: readonly Provider[] = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'];
export const variantChoices: readonly Variant[] = ['auto', 'fp32', 'fp16', 'int8'];
export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export const languages = ['en', 'de'] as const;
export const updateModes = ['automatic', 'ask', 'never'] as const;
export const updateNetworks = ['any', 'unmetered'] as const;
