import { useEffect, useState } from 'react';
import type { Box } from '../../../contract/boxes.ts';
import { countedOf, countLabels, countText } from '../../../contract/tasks/detections.ts';
import type { DetectionResult } from '../../../contract/tasks/object-detection.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import type { TaskView } from '../view.ts';
import { placeChips } from './place-chips.ts';
import './boxes.css';

/** A chip's height, and the width of a letter in it at most, in CSS pixels. */
const chipHeight = 22;
const letterWidth = 7.5;
const chipPadding = 14;

type BoxesProps = {
  readonly result: DetectionResult;
  readonly scale: number;
  readonly above: number;
};

/** Boxes above the threshold in CSS pixels of the photo, each with its label; hidden while H is held. */
function Boxes({ result, scale, above }: BoxesProps) {
  const numbers = useNumbers();
  const isHidden = useHeld('h');
  if (isHidden) return null;
  const shown = result.detections
    .filter(({ score }) => score >= above)
    .map(({ box, label, score, index }) => ({
      box: box.map((side) => side * scale) as unknown as Box,
      caption: `${label} ${numbers.share(score)}`,
      colour: colours[index % colours.length]!,
    }));
  const photo = { width: result.width * scale, height: result.height * scale };
  const places = placeChips(
    shown.map(({ box, caption }) => ({
      box,
      chip: { width: caption.length * letterWidth + chipPadding, height: chipHeight },
    })),
    photo,
  );
  return (
    <span className="boxes" aria-hidden="true">
      {shown.map(({ box: [left, top, right, bottom], colour, caption }, at) => (
        // The same label may have several boxes, and none of them has a name: their order is what they are.
        <span
          key={`${caption} ${left} ${top}`}
          className="box"
          style={{
            left,
            top,
            width: right - left,
            height: bottom - top,
            zIndex: shown.length - at,
            borderColor: colour,
          }}
        />
      ))}
      {shown.map(({ box: [left, top], colour, caption }, at) => {
        const place = places[at];
        return place ? (
          <span
            key={`${caption} ${left} ${top}`}
            className="box-chip"
            style={{ left: place.left, top: place.top, backgroundColor: colour }}
          >
            {caption}
          </span>
        ) : null;
      })}
    </span>
  );
}

/** After Okabe and Ito: people who see few colours tell them apart, on snow and at night. */
const colours = ['#56b4e9', '#e69f00', '#f0e442', '#00c795', '#ff8a5c', '#e79ac3'] as const;

/** Whether a letter is held down outside of fields. */
function useHeld(letter: string): boolean {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== letter) return;
      if (target instanceof Element && target.closest('input, textarea, [role=menu], [role=dialog]')) return;
      setIsHeld(true);
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === letter) setIsHeld(false);
    };
    const leave = (): void => setIsHeld(false);
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', leave);
    return () => {
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', leave);
    };
  }, [letter]);
  return isHeld;
}

/** `5 animals`; a label's plural is known in its own language alone. */
const countsOf = ({ detections }: DetectionResult, above: number, language: string): readonly string[] =>
  countLabels(countedOf({ detections, threshold: above })).map((count) =>
    language.startsWith('en') ? countText(count) : `${count.count} × ${count.label}`,
  );

export const detectionView: TaskView<DetectionResult> = {
  listed: ({ detections }) => ({
    entries: detections.map(({ index, label, score }) => ({ index, id: label, label, score })),
    labelCount: null,
  }),
  word: (result, above, language) => countsOf(result, above, language)[0] ?? null,
  heading: (result, above, language) => countsOf(result, above, language).join(', ') || null,
  packThreshold: (result) => result.threshold,
  Overlay: Boxes,
  overlayKey: 'photo.boxes',
};
