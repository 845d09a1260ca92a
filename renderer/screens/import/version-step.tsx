import { IconArrowRight } from '@tabler/icons-react';

type VersionStepProps = { readonly title: string; readonly from: string; readonly to: string };

/** Version now, version then. */
export function VersionStep({ title, from, to }: VersionStepProps) {
  return (
    <h3 className="version-step">
      <span className="cut" title={title}>
        {title}
      </span>
      <span className="row">
        <span className="muted">{from}</span>
        <IconArrowRight size={16} stroke={1.5} aria-hidden="true" />
        <strong>{to}</strong>
      </span>
    </h3>
  );
}
