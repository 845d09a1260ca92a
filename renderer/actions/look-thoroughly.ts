import { thorough } from '../state/try-page.ts';
import { answerShownAgain } from './ask-main.ts';

/** Whether large photos are looked at in parts as well; photos on screen are answered again. */
export async function lookThoroughly(isThorough: boolean): Promise<void> {
  thorough.set(isThorough);
  await answerShownAgain();
}
