import { useState } from 'react';
import { Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { compareVersions } from '../../../actions/compare.ts';
import { keepInstead, setPolicy, switchTo, tryVersion } from '../../../actions/lifecycle.ts';
import { sendToStick } from '../../../actions/send-to-stick.ts';
import { Button } from '../../../parts/button.tsx';
import { useCell } from '../../../state/cell.ts';
import { isHere } from '../../../state/lifecycle.ts';
import { selected, tryPage } from '../../../state/try-page.ts';
import { RemoveModel, isAdded } from './remove-model.tsx';
import { RemoveVersion } from './remove-version.tsx';
import type { VersionProps } from './version-props.ts';

/** What is done with a version now and then. */
export function VersionMenu({ timeline, entry }: VersionProps) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState<'version' | 'model' | null>(null);
  const chosen = useCell(selected);
  const hasPhotos = useCell(tryPage).kind !== 'empty' && chosen !== null;
  const { model, pointer, policy } = timeline;
  const { version, state } = entry;
  const name = { model, version };
  if (!isHere(state) && state.kind !== 'failed') return null;
  const isActive = pointer.active === version;
  const isWhole = isHere(state);
  const isPinned = policy.kind === 'specific' && policy.version === version;
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button
            tone="quiet"
            aria-label={t('version.more', { version })}
            icon={<IconDots size={18} stroke={1.5} aria-hidden="true" />}
          />
        </Menu.Target>
        <Menu.Dropdown>
          {isWhole && !isActive && state.kind !== 'on-trial' ? (
            <Menu.Item onClick={() => void tryVersion(name)}>{t('version.tryHere')}</Menu.Item>
          ) : null}
          {isWhole && !isActive ? (
            <>
              <Menu.Item onClick={() => void switchTo(name)}>{t('version.switchTo', { version })}</Menu.Item>
              <Menu.Item disabled={!hasPhotos} onClick={() => void compareVersions(timeline, version)}>
                {t('version.compare')}
                {hasPhotos ? null : <span className="muted menu-why">{t('version.compareWhy')}</span>}
              </Menu.Item>
            </>
          ) : null}
          {state.kind === 'on-trial' ? (
            <Menu.Item onClick={() => void keepInstead(name)}>
              {t('version.keep', { version: pointer.active })}
            </Menu.Item>
          ) : null}
          {isWhole && !isActive && !isPinned ? (
            <Menu.Item onClick={() => void setPolicy(model, { kind: 'specific', version })}>
              {t('version.pin')}
            </Menu.Item>
          ) : null}
          {isWhole ? (
            <Menu.Item onClick={() => void sendToStick(name)}>{t('version.export')}</Menu.Item>
          ) : null}
          {isActive ? null : (
            <Menu.Item className="tone-danger" onClick={() => setRemoving('version')}>
              {t('version.remove')}
            </Menu.Item>
          )}
          {isActive && isAdded(timeline) ? (
            <Menu.Item className="tone-danger" onClick={() => setRemoving('model')}>
              {t('models.remove')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <RemoveVersion
        timeline={timeline}
        entry={entry}
        isOpen={removing === 'version'}
        onClose={() => setRemoving(null)}
      />
      <RemoveModel timeline={timeline} isOpen={removing === 'model'} onClose={() => setRemoving(null)} />
    </>
  );
}
