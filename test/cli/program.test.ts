import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { placesFrom } from '../../main/cli/places.ts';
import { runProgram } from '../../main/cli/program.ts';
import { age } from '../../main/cli/options.ts';

/** The real program, as far as it goes without starting anything. */
async function outpost(...argv: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const taken = { out: '', error: '' };
  const into = (name: 'out' | 'error'): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        taken[name] += chunk.toString();
        done();
      },
    });
  const code = await runProgram(argv, {
    places: placesFrom(import.meta.url),
    streams: { out: into('out'), error: into('error') },
    isColored: false,
  });
  return { code, ...taken };
}

describe('the command line', () => {
  it('prints its version and its help', async () => {
    expect(await outpost('--version')).toEqual({ code: 0, out: '0.1.0\n', error: '' });
    const help = await outpost('--help');
    expect(help.code).toBe(0);
    for (const command of ['predict', 'models', 'cache', 'doctor', 'bench'])
      expect(help.out).toContain(command);
    const predict = await outpost('predict', '--help');
    for (const option of [
      '--model',
      '--format',
      '--out',
      '--top',
      '--threshold',
      '--variant',
      '--provider',
      '--workers',
      '--threads',
      '--no-cache',
      '--data',
      '--models',
      '--quiet',
      '--verbose',
      '--no-color',
      '--version',
    ]) {
      expect(predict.out).toContain(option);
    }
  });

  it.each([
    [['predict'], /missing required argument 'input'/iu, 'predict'],
    [['predict', 'a.jpg', '--tpo', '3'], /unknown option '--tpo'.*--top/iu, 'predict'],
    [['predict', 'a.jpg', '--top', '0'], /whole number from 1 to 1000/u, 'predict'],
    [['predict', 'a.jpg', '--threshold', '2'], /number from 0 to 1/u, 'predict'],
    [['predict', 'a.jpg', '--format', 'xml'], /table, jsonl, json, csv/u, 'predict'],
    [['predict', 'a.jpg', '--variant', 'fp8'], /auto, fp32, fp16, int8/u, 'predict'],
    [['predict', 'a.jpg', '--workers', 'many'], /whole number/u, 'predict'],
    [['cache', 'purge', '--older-than', 'yesterday'], /30d, 12h or 45m/u, 'cache purge'],
    [['cache', 'purge'], /--older-than, --model or --all/u, 'cache purge'],
    [['fly'], /unknown command 'fly'/iu, ''],
  ])('%j ends with 1, the reason and the way on', async (argv, reason, command) => {
    const { code, out, error } = await outpost(...argv);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(error).toMatch(reason);
    expect(error).toContain(`outpost ${command === '' ? '' : `${command} `}--help`);
    expect(error).toContain('[usage]');
  });

  it('shows the help when no command is named', async () => {
    const { code, error } = await outpost();
    expect(code).toBe(1);
    expect(error).toContain('Usage: outpost');
  });

  it('names the models that there are where one is not', async () => {
    const { code, out, error } = await outpost('predict', 'a.jpg', '--model', '../x');
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain('There is no model ../x.');
    expect(error).toContain('efficientnet-lite0@1.0.0');
    expect(error).toContain('[model-not-found]');
  });

  it('reads ages with a unit', () => {
    expect([age('30d'), age('12h'), age('1.5m'), age('10s')]).toEqual([
      2_592_000_000, 43_200_000, 90_000, 10_000,
    ]);
  });
});
