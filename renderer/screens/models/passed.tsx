import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';

/** A state with its shape and word. */
export function Passed({ passed, words }: { readonly passed: boolean; readonly words: string }) {
  const Icon = passed ? IconCircleCheck : IconAlertTriangle;
  return (
    <span className={`state-word ${passed ? 'tone-ok' : 'tone-danger'}`}>
      <Icon size={16} stroke={1.5} aria-hidden="true" />
      {words}
    </span>
  );
}
