/** A clock's time with its offset from UTC, `+02:00`; where none is known, that of this computer on that day. */
export const zonedTime = (time: string, offset: string | undefined): string =>
  `${time}${offset ?? offsetHere(time)}`;

function offsetHere(time: string): string {
  // Without a zone, it is taken for a time of this computer.
  const minutes = -new Date(time).getTimezoneOffset();
  const two = (count: number): string => String(count).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
