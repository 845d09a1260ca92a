import { closeTopmost } from '../actions/move.ts';
import { useIsWide } from './use-width.ts';

/** What Esc closes while a photo is shown: the drawer, then the zoom. In a wide window the drawer is a pane and stays. */
export function useCloseTopmost(): () => boolean {
  const isWide = useIsWide();
  return () => closeTopmost({ withDrawer: !isWide });
}
