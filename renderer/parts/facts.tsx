import type { ReactNode } from 'react';

export type Fact = {
  readonly name: string;
  readonly value: ReactNode;
  readonly mono?: boolean;
  readonly title?: string;
};

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) => (
        <div key={fact.name} className="fact">
          <dt>{fact.name}</dt>
          <dd className={fact.mono ? 'mono' : undefined} title={fact.title}>
            {fact.value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
