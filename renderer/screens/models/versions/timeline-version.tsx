import { useState } from 'react';
import { VersionStateWord } from './version-state.tsx';
import { isOffered } from '../../../state/lifecycle.ts';
import { VersionActions } from './version-actions.tsx';
import { VersionFacts } from './version-facts.tsx';
import { useVersionLook } from './version-look.ts';
import { VersionMenu } from './version-menu.tsx';
import { OfferSize, VersionProgress } from './version-progress.tsx';
import type { VersionProps } from './version-props.ts';
import { WhatChanges } from './what-changes.tsx';

export function TimelineVersion({ timeline, entry }: VersionProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { look, text } = useVersionLook(timeline, entry);
  const id = `changes-${entry.version}`;
  return (
    <li className={`timeline-version is-${look}`}>
      <span className="version-ring" aria-hidden="true" />
      <div className="version-body">
        <div className="version-head">
          <h3 className="reading">{entry.version}</h3>
          <VersionStateWord look={look} text={text} />
        </div>
        <VersionFacts timeline={timeline} entry={entry} />
        <VersionProgress timeline={timeline} entry={entry} />
        {isOffered(entry) && entry.offer ? <OfferSize offer={entry.offer} /> : null}
        {isOpen ? <WhatChanges id={id} entry={entry} /> : null}
      </div>
      <div className="version-actions">
        <VersionActions
          timeline={timeline}
          entry={entry}
          changes={{ isOpen, id, toggle: () => setIsOpen(!isOpen) }}
        />
        <VersionMenu timeline={timeline} entry={entry} />
      </div>
    </li>
  );
}
