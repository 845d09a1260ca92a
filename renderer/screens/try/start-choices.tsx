import { useTranslation } from 'react-i18next';
import { pluralOf } from '../../../contract/faults/english-plural.ts';
import type { ModelSummary } from '../../../contract/packs/model.ts';
import { findsThings, takesPictures } from '../../../contract/tasks/index.ts';
import { answerWith } from '../../actions/ask-main.ts';
import { Button } from '../../parts/button.tsx';
import { canAnswer, grouped } from '../../state/model-in-use.ts';
import { useModelDetail, useModelInUse, useModels } from '../../state/queries.ts';

/** What the next photo is asked, a click each; what is in use is pressed. One model of each task stands for its task. */
export function StartChoices() {
  const { t, i18n } = useTranslation();
  const inUse = useModelInUse();
  const all = grouped((useModels().data ?? []).filter(({ task }) => takesPictures(task)));
  const able = all
    .map(({ shown }) => shown)
    .filter((model) => canAnswer(model) && i18n.exists(startKey(model)));
  // The model in use stands for its task, else the first.
  const inOrder = inUse ? [inUse, ...able.filter(({ id }) => id !== inUse.id)] : able;
  const choices = inOrder
    .filter((model, at) => inOrder.findIndex(({ task }) => task === model.task) === at)
    .filter((model) => i18n.exists(startKey(model)))
    .toSorted(
      (a, b) => Number(findsThings(b.task)) - Number(findsThings(a.task)) || a.task.localeCompare(b.task),
    );
  if (choices.length < 2) return null;
  return (
    <div className="row start-choices" role="group" aria-label={t('start.label')}>
      {choices.map((model) => (
        <Button
          key={model.task}
          aria-pressed={model.id === inUse?.id}
          title={`${model.title} ${model.version}`}
          onClick={() => void answerWith(model.id)}
        >
          {findsThings(model.task) ? <FindText model={model} /> : t(startKey(model))}
        </Button>
      ))}
    </div>
  );
}

const startKey = ({ task }: ModelSummary): string => `start.${task}`;
/** More labels would not fit on a button. */
const mostNamed = 4;

/** Find animals, people, vehicles. */
function FindText({ model }: { readonly model: ModelSummary }) {
  const { t, i18n } = useTranslation();
  const names = useModelDetail(model.ref).data?.labelNames ?? [];
  if (model.labels > mostNamed || names.length === 0) return t('start.kinds', { n: model.labels });
  const labels = i18n.language.startsWith('en') ? names.map(pluralOf) : names;
  return t(startKey(model), { labels: labels.join(', ') });
}
