export function ModelsView() {
  return <div />;
}
