export const scheme = 'outpost';
export const pageUrl = `${scheme}://app/index.html`;

/** What of a frame decides whether it may ask; the parent of a frame on top is null. */
type AskingFrame = { readonly parent: unknown; readonly url: string };

/** Our own page in the top frame of a window; a frame that is gone by now asks for nothing. */
export function isOurPage(frame: AskingFrame | null, devServer: string | undefined): boolean {
  if (frame === null || frame.parent !== null || !URL.canParse(frame.url)) return false;
  const { protocol, host } = new URL(frame.url);
  if (protocol === `${scheme}:`) return host === 'app';
  return (
    devServer !== undefined && protocol === new URL(devServer).protocol && host === new URL(devServer).host
  );
}
