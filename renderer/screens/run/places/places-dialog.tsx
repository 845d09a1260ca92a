import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { undo } from '../../../actions/inform.ts';
import { leavePlaces } from '../../../actions/places.ts';
import { Button } from '../../../parts/button.tsx';
import { usePageText } from '../../../state/use-page-text.ts';
import { useCell } from '../../../state/cell.ts';
import { message } from '../../../state/notices.ts';
import { places } from '../../../state/places.ts';
import type { Places } from '../../../state/places.ts';
import { useRunFolders } from '../../../state/run-queries.ts';
import { ClockForm } from './clock-form.tsx';
import { FolderList } from './folder-list.tsx';
import { PlaceForm } from './place-form.tsx';
import { SiteForm } from './site-form.tsx';

/** Which site the photos of a run are of, and what time their cameras should have shown; the photos stay as they are. */
export function PlacesDialog() {
  const { t } = useTranslation();
  const now = useCell(places);
  return (
    <Modal
      opened={now !== null}
      onClose={leavePlaces}
      size={840}
      title={t('places.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {now ? <Content now={now} /> : null}
    </Modal>
  );
}

function Content({ now }: { readonly now: Places }) {
  const { t } = useTranslation();
  const folders = useRunFolders(now.run).data;
  const folder = folders?.find((one) => one.folder === now.folder) ?? folders?.[0];
  if (!folders || !folder) return <div className="places" />;
  const title = folder.folder === '' ? t('places.all') : folder.folder;
  // The key discards the drafts of the forms when another folder is chosen or its stored values change.
  const key = `${folder.folder}\n${folder.site ?? ''}\n${folder.shiftS}\n${folder.latitude} ${folder.longitude}`;
  return (
    <>
      <div className="places">
        <FolderList folders={folders} chosen={folder.folder} />
        <div className="places-forms">
          <h3 className="heading cut" title={title}>
            {title}
          </h3>
          <SiteForm key={`site ${key}`} run={now.run} folder={folder} folders={folders} title={title} />
          <PlaceForm key={`place ${key}`} run={now.run} folder={folder} title={title} />
          <ClockForm key={`clock ${key}`} now={now} folder={folder} title={title} />
        </div>
      </div>
      <div className="modal-actions">
        <LastChange />
        <Button tone="primary" onClick={leavePlaces}>
          {t('places.done')}
        </Button>
      </div>
    </>
  );
}

/** What was changed last, which the bar behind the dialog says as well. */
function LastChange() {
  const { t } = useTranslation();
  const pageText = usePageText();
  const shown = useCell(message);
  if (!shown?.key.startsWith('places.')) return <span className="grow" role="status" />;
  return (
    <span className="grow row places-last" role="status">
      <span className="cut" title={pageText(shown)}>
        {pageText(shown)}
      </span>
      <Button size="small" onClick={undo}>
        {t('common.undo')}
      </Button>
    </span>
  );
}
