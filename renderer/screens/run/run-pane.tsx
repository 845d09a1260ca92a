import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunResumable, leftOutReasons } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { copyText } from '../../actions/ask-main.ts';
import { runAgain } from '../../actions/try-selection.ts';
import { useCell } from '../../state/cell.ts';
import { startedRun } from '../../state/try-page.ts';
import { chooseFiles } from '../../actions/pick-files.ts';
import { Button } from '../../parts/button.tsx';
import { ChooseButton } from '../../parts/choose-button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { Count, Percent, Rate, useNumbers } from '../../parts/numbers.tsx';
import { useLeftText } from './use-left-text.ts';
import { RunStrip } from '../../parts/run-strip.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { isOver, useRun, useRunSummary } from '../../state/run-queries.ts';
import { PhaseRows } from './phase-rows.tsx';
import { EndText, RunActs } from './run-acts.tsx';
import { RunFaults } from './run-faults.tsx';
import { PaneEdge, ThoroughSection } from '../panes/index.ts';
import { PlacesButton } from './places/index.ts';
import { RunReview } from './run-review.tsx';
import { RunSeen } from './run-seen.tsx';
import { ExportButton, ExportDialog } from './export/index.ts';

/** How far the run is, what could not be read, and what was seen. */
type RunPaneProps = { readonly now: ShownRun; readonly foot: ReactNode };

export function RunPane({ now, foot }: RunPaneProps) {
  const { run } = now;
  const state = useRun(run).data;
  return (
    <aside className="pane">
      <PaneEdge />
      <div className="pane-scroll">
        {state ? (
          <>
            <Progress state={state} />
            {state.counts.answered + state.counts.faults > 0 ? (
              <section className="section row run-uses">
                <ExportButton now={now} />
                <PlacesButton run={run} />
              </section>
            ) : null}
            <RunFaults now={now} count={state.counts.faults} />
            <RunSeen now={now} state={state} />
            <RunReview state={state} />
          </>
        ) : null}
      </div>
      {foot ?? (state && isOver(state) ? <TryNext state={state} /> : null)}
      <ExportDialog />
    </aside>
  );
}

function Progress({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const summary = useRunSummary(state.id).data;
  const leftText = useLeftText();
  const { counts } = state;
  const done = counts.answered + counts.faults;
  const isLive = !isOver(state);
  const share = counts.found === 0 ? 0 : done / counts.found;
  const found = t(counts.scanned ? 'run.ofPhotos' : 'run.ofSoFar', {
    count: counts.found,
    found: numbers.count(counts.found),
  });
  return (
    <section className="section run-progress" aria-label={t(`run.kind.${state.kind}`)}>
      <div className="run-count">
        <span className="figure">{numbers.count(done)}</span>
        <span className="reading muted cut">{found}</span>
        {counts.scanned ? (
          <strong className={isLive ? 'end tone-signal' : 'end'}>
            <Percent value={share} digits={0} />
          </strong>
        ) : null}
      </div>
      <RunStrip done={done} total={counts.found} isLive={isLive} faults={summary?.faultSeqs ?? []} />
      <dl className="run-facts">
        <div>
          <dt>{t(isLive ? 'run.rate' : 'run.averageRate')}</dt>
          <dd>
            <Rate value={isLive ? state.rate : (done * 1000) / Math.max(1, state.elapsedMs)} />
          </dd>
        </div>
        <div>
          <dt>{t(isLive ? 'run.left' : 'run.took')}</dt>
          <dd>{isLive ? (leftText(state) ?? '–') : numbers.left(state.elapsedMs)}</dd>
        </div>
        <div>
          <dt>{t('run.fromCache')}</dt>
          <dd>
            <Count value={counts.fromCache} />
          </dd>
        </div>
      </dl>
      <PhaseRows state={state} />
      <div className="run-now">
        {isLive ? null : <EndText state={state} />}
        <RunActs state={state} />
      </div>
      <LeftOut counts={counts.leftOut} />
      {(state.kind === 'failed' || state.kind === 'paused') && state.fault ? (
        <FaultCard
          title={t(`run.kind.${state.kind}`)}
          fault={state.fault}
          onCopy={(text) => void copyText(text)}
        />
      ) : null}
    </section>
  );
}

/** Files of the folder that were left out of the run, so that their absence is not read as a result. */
function LeftOut({ counts }: { readonly counts: RunState['counts']['leftOut'] }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const parts = leftOutReasons.filter((reason) => counts[reason] > 0);
  if (parts.length === 0) return null;
  const list = parts.map((reason) =>
    t(`run.leftOut.${reason}`, { count: counts[reason], n: numbers.count(counts[reason]) }),
  );
  return <p className="small muted run-left-out">{t('run.leftOut', { list: list.join(', ') })}</p>;
}

function TryNext({ state }: { readonly state: RunState }) {
  return (
    <>
      <RunAgain run={state.id} />
      <NextActions isNext={!isRunResumable(state)} />
    </>
  );
}

/** The same photos looked at in parts as well, or no longer so. */
function RunAgain({ run }: { readonly run: string }) {
  const started = useCell(startedRun);
  const { t } = useTranslation();
  if (started?.run !== run) return null;
  return (
    <ThoroughSection>
      <Button size="small" className="thorough-again" onClick={() => void runAgain(started)}>
        {t('thorough.runAgain')}
      </Button>
    </ThoroughSection>
  );
}

/** `isNext`: the run itself needs no action, so the focus moves here when it ends. */
function NextActions({ isNext }: { readonly isNext: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="pane-actions">
      <ChooseButton
        kind="folder"
        tone="primary"
        data-focus-at={isNext ? 'run-next' : undefined}
        onClick={() => void chooseFiles('folder')}
      >
        {t('try.runFolder')}
      </ChooseButton>
      <ChooseButton kind="photos" onClick={() => void chooseFiles('photos')} />
    </div>
  );
}
