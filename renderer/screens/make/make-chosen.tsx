import { IconFile, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../parts/button.tsx';
import { MiddleCut } from '../../parts/middle-cut.tsx';

type MakeChosenProps = {
  /** What the file is for. */
  readonly label: string;
  /** Of the file; null while none is chosen. */
  readonly name: string | null;
  readonly onChoose: () => void;
  readonly onDrop: () => void;
};

/** One file that may be given, and taken back. */
export function MakeChosen({ label, name, onChoose, onDrop }: MakeChosenProps) {
  const { t } = useTranslation();
  return (
    <div className="row make-wrap">
      <Button
        icon={<IconFile size={18} stroke={1.5} aria-hidden="true" />}
        aria-label={`${label}: ${t('make.chooseFile')}`}
        onClick={onChoose}
      >
        {t('make.chooseFile')}
      </Button>
      {name === null ? null : (
        <>
          <span className="mono make-chosen">
            <MiddleCut text={name} />
          </span>
          <Button
            size="small"
            aria-label={t('make.dropGolden', { name })}
            icon={<IconX size={14} stroke={1.5} />}
            onClick={onDrop}
          />
        </>
      )}
    </div>
  );
}
