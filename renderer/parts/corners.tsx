/** Corner marks around an area: the drop target, or what the model saw. */
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
