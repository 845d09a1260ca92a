import { describe, expect, it } from 'vitest';
import { fault } from '../../contract/faults/faults.ts';
import { systemReason } from '../../contract/faults/reasons.ts';
import { escapedOrders } from '../../main/lib/terminal-text.ts';
import { terminal } from './terminal.ts';

/** Colours, the title of the window, a report that is typed back, C1, turned direction, a tag. */
const hostile = '\u001b[31mred\u001b]0;title\u0007\u001b[6n\r\u009b2J\u202egnp.exe\u2066\u{e0041}end';
const plain = '�[31mred�]0;title��[6n��2J�gnp.exe��end';

describe.each([true, false])('on a terminal: %s', (isTTY) => {
  it('no order from outside gets through as text', async () => {
    const { of, out, error } = terminal(isTTY);
    await of.print(`${hostile}\n`);
    of.note(hostile);
    of.raw(`${hostile}\n`);
    expect(out()).toBe(`${plain}\n`);
    expect(error()).toBe(`${plain}\n${plain}\n`);
  });

  it('nor in a fault, which keeps its lines', () => {
    const { of, error } = terminal(isTTY);
    of.complain(fault('file-unreadable', { file: `a\nb${hostile}`, reason: systemReason({ code: 'EIO' }) }));
    const ours = /\u001b\[(?:31|39|2|22)m/gu;
    expect(error().replace(ours, '')).not.toMatch(/\u001b|\u009b|\u202e|\r/u);
    expect(error().split('\n')).toHaveLength(3);
    expect(error().match(ours)?.length ?? 0).toBe(isTTY ? 4 : 0);
  });

  it('JSON says the same in letters alone', async () => {
    const { of, out } = terminal(isTTY);
    await of.printData(`${JSON.stringify({ name: hostile })}\n`, 'json');
    expect(JSON.parse(out())).toEqual({ name: hostile });
    expect(out()).toMatch(/^[\u0020-\u007e]*\n$/u);
  });

  it('CSV is exact for programs and harmless on a terminal', async () => {
    const { of, out } = terminal(isTTY);
    await of.printData(hostile, 'csv');
    expect(out()).toBe(isTTY ? plain : hostile);
  });
});

it('what is painted by Outpost itself is coloured', async () => {
  const { of, out } = terminal(true);
  await of.print(`${of.paint.strong('bold')} ${of.paint.bad('red')}`);
  expect(out()).toBe('\u001b[1mbold\u001b[22m \u001b[31mred\u001b[39m');
});

it('JSON without orders stays as it is', () => {
  const json = JSON.stringify({ name: 'Käfer 模型 🦌', tab: '\t' }, null, 2);
  expect(escapedOrders(json)).toBe(json);
});
