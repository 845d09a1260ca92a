/** Coordinates in degrees as `parsePlace` reads them, with the language's decimal sign and something else between the two. */
export function writtenPlace(
  language: string,
  { latitude, longitude }: { readonly latitude: number; readonly longitude: number },
): string {
  const degrees = new Intl.NumberFormat(language, { maximumFractionDigits: 7, useGrouping: false });
  const apart = degrees.format(0.5).includes(',') ? '; ' : ', ';
  return [latitude, longitude].map((each) => degrees.format(each)).join(apart);
}
