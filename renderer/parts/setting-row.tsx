import type { ReactNode } from 'react';

export type SettingRowProps = {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly children?: ReactNode;
};

export function SettingRow({ title, hint, children }: SettingRowProps) {
  return (
    <div className="setting-row">
      <div className="grow">
        <div className="setting-title">{title}</div>
        {hint ? <div className="muted setting-hint">{hint}</div> : null}
      </div>
      <div className="setting-control">{children}</div>
    </div>
  );
}
