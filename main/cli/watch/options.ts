import type { DecodeWay, ProviderChoice, VariantChoice } from '../../../contract/ids.ts';
import type { AsJson } from '../command.ts';

export type WatchOptions = AsJson & {
  readonly model?: string;
  readonly title?: string;
  readonly onlyNew?: boolean;
  readonly anew?: boolean;
  readonly variant?: VariantChoice;
  readonly provider?: ProviderChoice;
  readonly decode?: DecodeWay;
};
