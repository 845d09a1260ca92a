import { useTranslation } from 'react-i18next';
import { chooseForRun } from '../../../actions/new-run.ts';
import { ChooseButton } from '../../../parts/choose-button.tsx';
import { Corners } from '../../../parts/corners.tsx';

/** A folder, some photos, or a list of them; what is dropped anywhere in the window is taken too. */
export function ChooseInputs() {
  const { t } = useTranslation();
  return (
    <div className="run-drop">
      <Corners />
      <p className="reading">{t('newRun.drop')}</p>
      <div className="run-drop-acts">
        <ChooseButton
          kind="folder"
          tone="primary"
          data-focus-first
          onClick={() => void chooseForRun('folder')}
        />
        <ChooseButton kind="photos" onClick={() => void chooseForRun('photos')} />
        <ChooseButton kind="list" onClick={() => void chooseForRun('list')} />
      </div>
      <p className="small muted">{t('newRun.hint')}</p>
    </div>
  );
}
