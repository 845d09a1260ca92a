import type { DecodeWay, ProviderChoice, VariantChoice } from '../../../contract/ids.ts';
import type { AsJson } from '../command.ts';

export type StartOptions = AsJson & {
  readonly model?: string;
  readonly title?: string;
  readonly null?: boolean;
  readonly variant?: VariantChoice;
  readonly provider?: ProviderChoice;
  readonly decode?: DecodeWay;
  readonly cache: boolean;
  readonly thorough?: boolean;
  readonly check?: boolean;
};
export type RemoveOptions = AsJson & { readonly yes?: boolean };
