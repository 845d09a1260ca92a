import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly icon?: ReactNode;
  readonly tone?: 'primary' | 'quiet' | 'danger';
  readonly size?: 'small';
  readonly ref?: Ref<HTMLButtonElement>;
};

export function Button({ icon, tone, size, children, className, ...rest }: ButtonProps) {
  const names = ['button', tone, size, children === undefined ? 'only-icon' : null, className];
  return (
    <button type="button" {...rest} className={names.filter(Boolean).join(' ')}>
      {icon}
      {children}
    </button>
  );
}
