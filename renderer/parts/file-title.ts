import { useTranslation } from 'react-i18next';
import type { SelectedFile } from '../../contract/calls.ts';
import { useNumbers } from './numbers.tsx';

/** How a file is called on screen: by its name, a picture from the clipboard by when it came. */
export function useFileTitle(): (file: Pick<SelectedFile, 'name' | 'pastedAt'>) => string {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return ({ name, pastedAt }) =>
    pastedAt === undefined ? name : t('try.pastedPicture', { time: numbers.clock(pastedAt) });
}
