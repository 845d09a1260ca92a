/** A fingerprint in groups of four, to be read aloud and compared. */
export function Fingerprint({ of }: { readonly of: string }) {
  const groups = of.match(/.{1,4}/gu) ?? [];
  return (
    <span className="fingerprint mono muted" title={of}>
      {groups.map((group, at) => (
        <span key={`${at} ${group}`}>{group}</span>
      ))}
    </span>
  );
}
