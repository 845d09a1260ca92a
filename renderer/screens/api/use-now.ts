import { useEffect, useState } from 'react';

const stepMs = 5_000;

/** The time, every few seconds while the page can be seen. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const step = (): void => {
      if (!document.hidden) setNow(Date.now());
    };
    const clock = setInterval(step, stepMs);
    document.addEventListener('visibilitychange', step);
    return () => {
      clearInterval(clock);
      document.removeEventListener('visibilitychange', step);
    };
  }, []);
  return now;
}
