// What no picture of Outpost may show: something that is still on its way, or a photo that took seconds.

const patienceMs = 10_000;

/**
 * Waits until the page shows nothing on its way, at most ten seconds. Throws, naming the screen, when it still does, or when one
 * photo took a second or more: then the machine was busy.
 */
export async function refuseFlaws(page, name) {
  const end = Date.now() + patienceMs;
  let flaw = await page.evaluate(findFlaw);
  while (flaw?.mayPass && Date.now() < end) {
    await page.waitForTimeout(200);
    flaw = await page.evaluate(findFlaw);
  }
  if (flaw) throw new Error(`The picture ${name} would show ${flaw.text}. Take it again on a quiet machine.`);
}

/** Runs in the page. */
export function findFlaw() {
  const shown = (selector) =>
    [...document.querySelectorAll(selector)].filter((element) => {
      const { width, right, left } = element.getBoundingClientRect();
      return (
        width > 0 && right > 0 && left < innerWidth && getComputedStyle(element).visibility === 'visible'
      );
    });
  if (shown('[aria-busy="true"]').length > 0) return { text: 'a wait', mayPass: true };
  if (shown('.sample-card.waiting').length > 0) return { text: 'an empty sample card', mayPass: true };
  const images = shown('.sample-card img, .well img, .strip img');
  if (images.some(({ complete }) => !complete)) return { text: 'a photo on its way', mayPass: true };
  if (images.some(({ naturalWidth }) => naturalWidth === 0))
    return { text: 'a photo that is not there', mayPass: false };
  const texts = shown('.pane, .third, .photo-tool').map(({ textContent }) => textContent ?? '');
  const took = texts.flatMap((text) =>
    [...text.matchAll(/(\d[\d,]*)(?:\.\d+)? ms/gu)].map((found) => found[1]),
  );
  const slow = took.find((digits) => Number(digits.replaceAll(',', '')) >= 1000);
  return slow ? { text: `a photo that took ${slow} ms`, mayPass: false } : null;
}
