import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { fault, faultCodes, faultReason, faultTable } from '../../../contract/faults/faults.ts';
import {
  detail,
  reason,
  reasonAt,
  reasonCodes,
  reasonTable,
  systemReason,
} from '../../../contract/faults/reasons.ts';
import { incomplete } from '../../../main/packs/build/missing.ts';
import { createFaultText } from '../../../renderer/parts/fault-text.ts';
import { translations, startTranslation } from '../../../renderer/words/translations.ts';

const { en, de } = translations;
const blanks = (text: string | undefined): readonly string[] =>
  [...new Set([...(text ?? '').matchAll(/\{\{?(\w+)\}\}?/gu)].map(([, name = '']) => name))].sort();
/** Every sentence of both tables: its key in the words, and its English. */
const messages: readonly (readonly [key: string, english: string])[] = [
  ...faultCodes.flatMap((code) => [
    [`faults.${code}.message`, faultTable[code].message] as const,
    [`faults.${code}.hint`, faultTable[code].hint] as const,
  ]),
  ...reasonCodes.map((code) => [`reasons.${code}`, reasonTable[code]] as const),
];

describe('every fault and every reason', () => {
  it('has words in every language', () => {
    const missing = messages.filter(([key]) => [en, de].some((table) => !table[key]?.trim()));
    expect(missing).toEqual([]);
  });

  it('says in German something else than in English, unless it is nothing but blanks', () => {
    const table = (text: string) => text.replace(/\{\{?\w+\}\}?/gu, '').replace(/[^\p{L}]+/gu, '');
    const names = new Set(['reasons.metadata-of-feed', 'reasons.socket', 'reasons.video']);
    const same = messages.filter(
      ([key, english]) => table(english) !== '' && table(de[key] ?? '') === table(english) && !names.has(key),
    );
    expect(same).toEqual([]);
  });

  it('fills the same blanks in every language', () => {
    const differing = messages.filter(([key, english]) => {
      // Words of the window alone, as where a button says the way on, may leave a blank out; none may invent one.
      const own = new Set(blanks(english));
      const isFilled = (table: typeof en) => blanks(table[key]).every((name) => own.has(name));
      // Other people's words stand apart.
      const isWhole = key === 'reasons.detail' || blanks(de[key]).length === blanks(en[key]).length;
      return !isFilled(en) || !isFilled(de) || !isWhole;
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it('has no words left over', () => {
    const known = new Set(messages.map(([key]) => key));
    const strays = Object.keys(de).filter(
      (key) => /^(?:faults\..*\.(?:message|hint)|reasons\.[^.]+)$/u.test(key) && !known.has(key),
    );
    expect(strays).toEqual([]);
  });
});

describe('a fault in the window', async () => {
  await startTranslation();
  await i18next.changeLanguage('de');
  const text = createFaultText(i18next);

  it('gives its reason in the language of the window, with numbers as written there', () => {
    const why = fault('not-a-picture', {
      file: '/card/a.jpg',
      reason: reason('bytes-of-text', { bytes: 4500 }),
    });
    expect(why.message).toBe('/card/a.jpg is not a picture (4500 bytes of text).');
    expect(text.message(why)).toBe('a.jpg ist kein Bild (4.500 Byte Text).');
    expect(text.short(why)).toBe('Kein Bild: 4.500 Byte Text');
    expect(text.detail(why)).toBeNull();
  });

  it('gives reasons within reasons', () => {
    const denied = fault('version-denied', { model: 'birds@1.1.0', reason: reason('by-hand') });
    const again = fault('version-denied', { model: 'birds@1.1.0', reason: faultReason(denied) });
    expect(text.message(again)).toBe(
      'birds@1.1.0 wurde auf diesem Rechner zurückgenommen: birds@1.1.0 wurde auf diesem Rechner zurückgenommen: von Hand.',
    );
    const unreadable = fault('pack-unreadable', {
      pack: 'birds',
      reason: reasonAt('manifest.json', systemReason({ code: 'EACCES' })),
    });
    expect(unreadable.message).toBe('Pack birds cannot be read: manifest.json: EACCES.');
    expect(text.message(unreadable)).toBe(
      'Das Paket birds lässt sich nicht lesen: manifest.json: keine Berechtigung.',
    );
  });

  it('says what a pack lacks, which the command line says by its options', () => {
    const refused = incomplete([
      { question: 'id', suggestion: 'birds' },
      { question: 'labels', suggestion: null },
      {
        question: 'output',
        suggestion: null,
        choices: [
          { value: 'a', meaning: 'a: 3' },
          { value: 'b', meaning: 'b: 3' },
        ],
      },
    ]);
    const why = refused.ok ? expect.fail('nothing is missing') : refused.fault;
    expect(why.message).toContain(
      '--id (a short name, as in mobilenet-v2; birds?), --labels (file with one label for each value of the output), --output (the output that holds the scores: a: 3, b: 3)',
    );
    expect(text.message(why)).toBe(
      'Dem Paket fehlt, was die Modelldatei nicht sagt: ein Kurzname wie mobilenet-v2 (--id; etwa birds?), eine Datei mit einer Bezeichnung je Wert des Ausgangs (--labels), der Ausgang mit den Werten: a: 3, b: 3 (--output).',
    );
  });

  it('keeps what another program said apart, in its own words', () => {
    const reasonText = new Error('VipsJpeg: Bogus marker length').message;
    const why = fault('image-unreadable', { file: 'a.jpg', reason: detail(reasonText) });
    expect(why.message).toBe(`a.jpg could not be read: ${reasonText}.`);
    expect(text.message(why)).not.toContain(reasonText);
    expect(text.detail(why)).toBe(reasonText);
    expect(text.line(why)).toBe(`a.jpg ließ sich nicht lesen: ${reasonText}.`);
    expect(text.short(why)).toBe(reasonText);
    const inside = fault('image-unreadable', {
      file: 'a.jpg',
      reason: reason('data-damaged-as', { detail: detail(reasonText) }),
    });
    expect(text.detail(inside)).toBe(reasonText);
  });

  it('knows the usual errors of the system, and says the code of others', () => {
    const of = (code: string) => fault('file-unreadable', { file: 'a', reason: systemReason({ code }) });
    expect(text.message(of('EBUSY'))).toContain('ein anderes Programm benutzt es gerade');
    expect(text.message(of('EODD'))).toContain('das System meldet EODD');
    expect(of('EBUSY').message).toBe('a may not be read (EBUSY).');
  });

  it('that was kept before reasons were data is still said whole', () => {
    const { reasons, ...stored } = fault('worker-crashed', {
      file: 'a.jpg',
      reason: reason('ended-by-signal', { signal: 'SIGKILL' }),
    });
    expect(reasons).toBeDefined();
    expect(text.message(stored)).toBe('Der Worker brach bei a.jpg ab (signal SIGKILL).');
  });

  it('says times as people write them', () => {
    const why = fault('trust-expired', { file: 'timestamp.json', expires: '2026-11-20T12:00:00Z' });
    expect(text.message(why)).toMatch(/galt bis 20\.11\.2026, \d\d:\d\d\.$/u);
  });
});
