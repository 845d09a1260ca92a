import { useEffect, useLayoutEffect, useState } from 'react';
import type { Settings } from '../../contract/settings.ts';
import { speak } from '../words/translations.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const contrast = window.matchMedia('(forced-colors: active), (prefers-contrast: more)');
type Look = 'light' | 'dark' | 'contrast';

/** The effective theme, applied to the page together with the language. */
export function useTheme(chosen: Settings['theme'], language: Settings['language'] | undefined): Look {
  const [ofSystem, setOfSystem] = useState(systemLook);
  useEffect(() => {
    const change = (): void => setOfSystem(systemLook());
    dark.addEventListener('change', change);
    contrast.addEventListener('change', change);
    return () => {
      dark.removeEventListener('change', change);
      contrast.removeEventListener('change', change);
    };
  }, []);
  const look = chosen === 'system' ? ofSystem : chosen;
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = look;
  }, [look]);
  useEffect(() => {
    if (language) void speak(language);
  }, [language]);
  return look;
}

const systemLook = (): Look => (contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light');
