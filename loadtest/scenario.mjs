// The one scenario that JMeter, Locust and autocannon play: more and more users, a steady number, a spike, a soak.
// Every length and number is bounded, and short unless the environment asks for more.
const wishes = {
  LOADTEST_USERS: { usual: 4, least: 1, most: 1_000 },
  LOADTEST_SECONDS: { usual: 3, least: 1, most: 3_600 },
  LOADTEST_SOAK_SECONDS: { usual: 6, least: 1, most: 24 * 3_600 },
  LOADTEST_SPIKE: { usual: 4, least: 1, most: 50 },
};

/**
 * @typedef {{ name: string, users: number, seconds: number }} Step
 * @returns {{ path: string, users: number, seconds: number, soakSeconds: number, spike: number, steps: Step[] }}
 */
export function scenario(env) {
  const [users, seconds, soakSeconds, spike] = Object.keys(wishes).map((name) => wish(name, env));
  return {
    // Without the store: a load test of answers from the store would measure nothing else.
    path: env.LOADTEST_PATH ?? '/predict?cache=false&top=1',
    users,
    seconds,
    soakSeconds,
    spike,
    steps: [
      { name: 'ramp 1', users: Math.max(1, Math.ceil(users / 4)), seconds },
      { name: 'ramp 2', users: Math.max(1, Math.ceil(users / 2)), seconds },
      { name: 'steady', users, seconds },
      { name: 'spike', users: users * spike, seconds },
      { name: 'soak', users, seconds: soakSeconds },
    ],
  };
}

function wish(name, env) {
  const { usual, least, most } = wishes[name];
  const text = env[name];
  if (text === undefined || text === '') return usual;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`${name} takes a whole number from ${least} to ${most}, not ${text}.`);
  return value;
}
