const perMinute = 12;

/** At most so many questions to a person within a minute, whoever asks: a program that is refused may not go on asking. */
export function askLimit(now: () => number = () => performance.now(), most = perMinute): () => boolean {
  let times: number[] = [];
  return () => {
    const at = now();
    times = times.filter((time) => at - time < 60_000);
    if (times.length >= most) return false;
    times.push(at);
    return true;
  };
}
