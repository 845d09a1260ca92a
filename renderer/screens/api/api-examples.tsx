import { Select, Tabs } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { firstOf, takesPictures, tasksWith } from '../../../contract/tasks/index.ts';
import { copyText } from '../../actions/ask-main.ts';
import { Button } from '../../parts/button.tsx';
import {
  exampleModel,
  exampleTongue,
  exampleTongues,
  useApiModels,
  useExampleModel,
} from '../../state/access.ts';
import { useCell } from '../../state/cell.ts';
import { photoExample, tensorExample } from './api-example-text.ts';

const names = { curl: 'curl', python: 'Python', javascript: 'JavaScript', r: 'R' } as const;

/** Programs that run as they stand once a token is in the environment, for the model in use and its own inputs. */
export function ApiExamples({ address }: { readonly address: string }) {
  const { t } = useTranslation();
  const tongue = useCell(exampleTongue);
  const models = useApiModels().data ?? [];
  const model = useExampleModel();
  const firstOfPhotos = firstOf(models, tasksWith('picture'), ({ task }) => task);
  if (!model) return <p className="muted api-no-model">{t('api.noModel')}</p>;
  const of = { address, model, photo: model.sample ?? 'photo.jpg', isFirst: model === firstOfPhotos };
  return (
    <Tabs
      className="api-examples"
      value={tongue}
      onChange={(value) => exampleTongue.set(exampleTongues.find((one) => one === value) ?? 'curl')}
    >
      <Tabs.List aria-label={t('api.examples')}>
        {exampleTongues.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {names[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {models.length > 1 ? (
        <Select
          className="api-model"
          aria-label={t('api.exampleModel')}
          value={model.id}
          data={models.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(id) => exampleModel.set(id)}
        />
      ) : null}
      {exampleTongues.map((one) => (
        <Tabs.Panel key={one} value={one}>
          <p className="small muted api-needs">
            {t('api.needs', { program: t(`api.needs.${one}`), name: 'OUTPOST_TOKEN' })}{' '}
            {takesPictures(model.task) && model.sample === null
              ? t('api.needsPhoto', { name: 'photo.jpg' })
              : null}
          </p>
          {takesPictures(model.task) ? (
            <Example title={t('api.onePhoto')} code={photoExample(one, of)} />
          ) : null}
          <Example title={t('api.oneTensor')} code={tensorExample(one, of)} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Example({ title, code }: { readonly title: string; readonly code: string }) {
  const { t } = useTranslation();
  return (
    <section className="api-example">
      <div className="row">
        <h3 className="api-example-title cut">{title}</h3>
        <Button
          size="small"
          className="end"
          aria-label={t('api.copyExample', { title })}
          icon={<IconCopy size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => void copyText(code)}
        >
          {t('common.copy')}
        </Button>
      </div>
      {/* Many lines scroll; a keyboard reaches that too. */}
      <pre className="api-code mono" tabIndex={0} aria-label={title}>
        {code.split('\n').map((line, at) => (
          <CodeLine key={at} line={line} />
        ))}
      </pre>
    </section>
  );
}

/** One line of a program, its addresses marked. */
function CodeLine({ line }: { readonly line: string }) {
  return (
    <span className="api-code-line">
      {line.split(/(https?:\/\/[^\s"']+)/u).map((part, at) =>
        at % 2 === 1 ? (
          <span key={at} className="api-code-url">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </span>
  );
}
