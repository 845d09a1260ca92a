import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';

/** A state with its shape and word. */
export function Passed({ passed, text }: { readonly passed: boolean; readonly text: string }) {
  const Icon = passed ? IconCircleCheck : IconAlertTriangle;
  return (
    <span className={`state-word ${passed ? 'tone-ok' : 'tone-danger'}`}>
      <Icon size={16} stroke={1.5} aria-hidden="true" />
      {text}
    </span>
  );
}
