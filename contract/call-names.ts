import type { CallsAt } from './calls.ts';

/*
 * Names of the calls that the page may make, without the schemas: the preload needs no more, and zod would make it forty
 * times as large. The types keep it equal to the table: a missing or extra name does not compile.
 */
const listed: Readonly<Record<CallsAt<'window'>, true>> = {
  'app.info': true,
  'app.status': true,
  'app.store': true,
  'app.openDataFolder': true,
  'app.copyText': true,
  'settings.get': true,
  'settings.set': true,
  'files.choose': true,
  'files.paste': true,
  'files.samples': true,
  'files.reveal': true,
  'predict.one': true,
  'predict.cancel': true,
  'runs.start': true,
  'runs.get': true,
  'runs.page': true,
  'runs.summary': true,
  'runs.item': true,
  'runs.stop': true,
  'models.list': true,
  'models.show': true,
  'models.verify': true,
  'models.golden': true,
  'cache.stats': true,
  'cache.clear': true,
  'doctor.providers': true,
  'doctor.shapes': true,
  'doctor.probe': true,
  'lifecycle.list': true,
  'lifecycle.show': true,
  'lifecycle.get': true,
  'lifecycle.cancel': true,
  'lifecycle.try': true,
  'lifecycle.switch': true,
  'lifecycle.keep': true,
  'lifecycle.rollBack': true,
  'lifecycle.policy': true,
  'lifecycle.remove': true,
  'lifecycle.repair': true,
  'lifecycle.export': true,
  'import.choose': true,
  'import.preview': true,
  'import.install': true,
  'trial.items': true,
  'trial.compare': true,
  'answers.confirm': true,
  'answers.confirmed': true,
  'updates.state': true,
  'updates.check': true,
  'updates.chooseRoot': true,
  'updates.trust': true,
  'updates.distrust': true,
  'depart.check': true,
  'depart.save': true,
};
export const windowCallNames = Object.keys(listed) as CallsAt<'window'>[];

/** The one call that the preload makes by itself, and the channel on which events arrive. */
export const adoptCall = 'files.adopt' satisfies CallsAt<'preload'>;
export const eventChannel = 'outpost:event';
