import { useEffect, useState } from 'react';

/** Whether a letter key is held down outside text fields. */
export function useHeld(letter: string): boolean {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== letter) return;
      if (target instanceof Element && target.closest('input, textarea, [role=menu], [role=dialog]')) return;
      setIsHeld(true);
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === letter) setIsHeld(false);
    };
    const leave = (): void => setIsHeld(false);
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', leave);
    return () => {
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', leave);
    };
  }, [letter]);
  return isHeld;
}
