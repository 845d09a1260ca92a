import { expect, test } from 'vitest';
import { Health } from '../../../main/engine/pool/health.ts';

const limits = { backoffMs: 100, crashesBeforeQuarantine: 3 };
const dayMs = 86_400_000;

function withClock() {
  const clock = { now: 0 };
  return { clock, health: new Health(limits, () => clock.now) };
}

test('crashes that lie days apart do not add up', () => {
  const { clock, health } = withClock();
  for (const input of ['a', 'b', 'c', 'd']) {
    health.crashedOn(input);
    health.ended();
    expect(health.isDoubted).toBe(false);
    expect(health.waitMs).toBe(100);
    clock.now += dayMs;
  }
});

test('three different inputs within minutes do, the same one three times does not', () => {
  const { health } = withClock();
  for (let at = 0; at < 3; at += 1) health.crashedOn('a');
  health.crashedOn('b');
  expect(health.isDoubted).toBe(false);
  health.crashedOn('c');
  expect(health.isDoubted).toBe(true);
  health.answered();
  expect(health.isDoubted).toBe(false);
});

test('workers that end soon after each other are started later and later, up to a limit', () => {
  const { clock, health } = withClock();
  const waits: number[] = [];
  for (let at = 0; at < 20; at += 1) {
    health.ended();
    waits.push(health.waitMs);
    clock.now += health.waitMs;
  }
  expect(waits.slice(0, 6)).toEqual([100, 100, 200, 300, 500, 800]);
  expect(waits.at(-1)).toBe(10_000);
});

test('a model that was set aside rests twice as long each time, at most five minutes, until it answers', () => {
  const { health } = withClock();
  const rests = Array.from({ length: 9 }, () => health.nextRestMs());
  expect(rests.slice(0, 3)).toEqual([5_000, 10_000, 20_000]);
  expect(rests.at(-1)).toBe(300_000);
  health.answered();
  expect(health.nextRestMs()).toBe(5_000);
});
