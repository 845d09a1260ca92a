type FetchBarProps = {
  /** 0 to 1. */
  readonly share: number;
  readonly label: string;
  readonly isLive?: boolean;
};

/** A part of a whole, drawn flat: what is to be fetched, or how far it is. */
export function FetchBar({ share, label, isLive = false }: FetchBarProps) {
  const percent = Math.round(Math.max(0, Math.min(1, share)) * 1000) / 10;
  const fill = <span style={{ width: `${percent}%` }} />;
  if (!isLive)
    return (
      <span className="fetch-bar" aria-hidden="true">
        {fill}
      </span>
    );
  return (
    <span
      className="fetch-bar live"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
    >
      {fill}
    </span>
  );
}
