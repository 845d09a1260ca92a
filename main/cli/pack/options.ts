import type { Provider, VariantName } from '../../../contract/ids.ts';

export type AsJson = { readonly json?: boolean };
export type BuildOptions = AsJson & {
  readonly out: string;
  readonly task?: string;
  readonly id?: string;
  readonly packVersion?: string;
  readonly title?: string;
  readonly summary?: string;
  readonly licence?: string;
  readonly licenceFile?: string;
  readonly labels?: string;
  readonly preprocess?: string;
  readonly size?: string;
  readonly output?: string;
  readonly scores?: 'logits' | 'probabilities' | 'independent';
  readonly embedding?: string;
  readonly cutTails?: boolean;
  readonly golden?: string;
  readonly sample?: readonly string[];
  readonly card?: string;
  readonly evaluation?: string;
  readonly source?: string;
  readonly as: VariantName;
  readonly variant?: readonly { readonly name: VariantName; readonly file: string }[];
  readonly provider?: readonly Provider[];
  readonly minimumApp: string;
};
