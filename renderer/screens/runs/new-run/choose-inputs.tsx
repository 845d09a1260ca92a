import { IconFolder, IconListDetails, IconPhoto } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseForRun } from '../../../actions/new-run.ts';
import { Button } from '../../../parts/button.tsx';
import { Corners } from '../../../parts/corners.tsx';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;

/** A folder, some photos, or a list of them; what is dropped anywhere in the window is taken too. */
export function ChooseInputs() {
  const { t } = useTranslation();
  return (
    <div className="run-drop">
      <Corners />
      <p className="reading">{t('newRun.drop')}</p>
      <div className="run-drop-acts">
        <Button
          tone="primary"
          data-focus-first
          icon={<IconFolder {...at18} />}
          onClick={() => void chooseForRun('folder')}
        >
          {t('try.chooseFolder')}
        </Button>
        <Button icon={<IconPhoto {...at18} />} onClick={() => void chooseForRun('photos')}>
          {t('try.choosePhotos')}
        </Button>
        <Button icon={<IconListDetails {...at18} />} onClick={() => void chooseForRun('list')}>
          {t('newRun.chooseList')}
        </Button>
      </div>
      <p className="small muted">{t('newRun.hint')}</p>
    </div>
  );
}
