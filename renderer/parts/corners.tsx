/** Corner marks that frame a place: where things may be dropped, or what the model saw. */
export function Corners({ double = false }: { readonly double?: boolean }) {
  return (
    <span className={`corners${double ? ' double' : ''}`} aria-hidden="true">
      <span />
      <span />
      <span />
      <span />
    </span>
  );
}
