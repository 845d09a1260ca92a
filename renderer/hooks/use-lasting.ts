import { useEffect, useState } from 'react';

/** Whether something has held for this long without a break. */
export function useLasting(holds: boolean, ms: number): boolean {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!holds) return;
    const timer = setTimeout(() => setIsLong(true), ms);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [holds, ms]);
  return holds && isLong;
}
