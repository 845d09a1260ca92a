import type { ComponentProps } from 'react';
import { IconFolder, IconListDetails, IconPhoto } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

const inputs = {
  photos: { Icon: IconPhoto, name: 'try.choosePhotos' },
  folder: { Icon: IconFolder, name: 'try.chooseFolder' },
  list: { Icon: IconListDetails, name: 'newRun.chooseList' },
} as const;

type ChooseButtonProps = ComponentProps<typeof Button> & { readonly kind: keyof typeof inputs };

/** Asks for photos, a folder or a list of them; named by what is chosen where nothing else is said. */
export function ChooseButton({ kind, children, ...rest }: ChooseButtonProps) {
  const { t } = useTranslation();
  const { Icon, name } = inputs[kind];
  return (
    <Button {...rest} icon={<Icon size={18} stroke={1.5} aria-hidden="true" />}>
      {children ?? t(name)}
    </Button>
  );
}
