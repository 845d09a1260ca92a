// The map of the rooms: what may import what, type-only imports included. Deny by default: a room may import what its
// list says and nothing else, so a forgotten pair is closed and a new package is an error until one room owns it.
// This file is not to be relaxed to get a build through: a change is a commit of its own with a line in DECISIONS.md.
const { builtinModules } = require('node:module');

const core = `^(node:)?(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`;
const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;
// Zod is the language that contract/ is written in: where contract/ may be read in main/, it may be understood.
const schemas = npm('zod');
const contract = '^contract/';
const lib = '^main/lib/';

/** One room: files matching `from` may import what matches one of `ok`, and nothing else. */
const room = (name, from, ok, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  // What leads nowhere has a rule of its own, below.
  to: { pathNot: ok, couldNotResolve: false },
});

/** A room of main/: its own files, lib, contract/ and Node, and what else `ok` lists. */
const behind = (name, ok, comment) =>
  room(`${name}-room`, `^main/${name}/`, [`^main/${name}/`, lib, contract, schemas, core, ...ok], comment);

/** The public interfaces of these folders of main/. */
const index = (...names) => `^main/(${names.join('|')})/index[.]ts$`;
const store = index('store');

/** A plain ban, for what deserves an explanation of its own. */
const ban = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

const drawing =
  'react react-dom scheduler @mantine/[^/]+ @tanstack/[^/]+ i18next react-i18next react-markdown uplot';
const rendererPackages = npm(...drawing.split(' '), '@tabler/icons-react', '@fontsource[^/]*/[^/]+');

const rooms = [
  room(
    'contract-stays-pure',
    '^contract/',
    [contract, npm('zod')],
    'contract/ is what would be true on paper: it imports itself and zod, not even a type from a room that runs. Move the shared type down into contract/, or the code up into the room that does the work.',
  ),
  room(
    'preload-room',
    '^preload/',
    ['^preload/', contract, npm('electron', 'zod')],
    'preload/ is the slit between window and main: itself, contract/, electron. Logic belongs to main/app (behind a call) or renderer/ (in front of it).',
  ),
  room(
    'renderer-room',
    '^renderer/',
    ['^renderer/', contract, rendererPackages],
    'renderer/ draws and reacts: itself, contract/, and its drawing packages. It reaches the engine by a call in contract/calls/calls.ts through renderer/bridge.ts; a type that both sides need belongs to contract/.',
  ),
  room(
    'lib-room',
    '^main/lib/',
    [lib, core],
    'main/lib knows nothing of Outpost: itself and Node. What knows of packs, runs or results belongs to the room that owns them.',
  ),
  behind(
    'store',
    [npm('better-sqlite3')],
    'main/store speaks SQL: itself, lib, contract/, better-sqlite3. What decides what happens next belongs to main/engine.',
  ),
  behind(
    'packs',
    [npm('yauzl', 'yazl')],
    'main/packs puts models on disk and checks them: itself, lib, contract/, Node and the ZIP readers. Running a model belongs to main/worker, deciding to run one to main/engine.',
  ),
  room(
    'worker-room',
    '^main/worker/',
    [
      '^main/worker/',
      lib,
      contract,
      core,
      npm('onnxruntime-node', 'onnxruntime-common', 'sharp', 'wasm-vips', 'exif-reader'),
    ],
    'main/worker touches tensors and pictures: itself, lib, contract/, the runtime and the decoders. It knows no engine, no store and no window; it is told everything by wire.',
  ),
  behind(
    'engine',
    [store, index('packs')],
    'main/engine decides what happens next: itself, lib, contract/, main/store and main/packs. It starts workers by path and never imports them; tensors and decoders belong to main/worker, SQL to main/store, versions to main/lifecycle.',
  ),
  behind(
    'lifecycle',
    [store, index('engine', 'packs')],
    'main/lifecycle decides which version of a model answers: itself, lib, contract/, main/engine, main/store and main/packs. The engine knows nothing of it: what it asks back goes through EngineHooks.',
  ),
  behind(
    'monitor',
    [store],
    'main/monitor counts what was served: itself, lib, contract/ and main/store. It is handed each request as a record and never asks the engine for one.',
  ),
  behind(
    'access',
    [store],
    'main/access keeps tokens and consent: itself, lib, contract/ and main/store. It loads no engine, so that whoever needs a token alone starts at once.',
  ),
  behind(
    'departure',
    [store, index('engine', 'packs')],
    'main/departure is the departure check: itself, lib, contract/, main/engine, main/store and main/packs. It only looks; what changes something belongs to the room that owns it.',
  ),
  behind(
    'serving',
    [index('engine', 'packs')],
    'main/serving is what every protocol asks, on one engine: itself, lib, contract/, main/engine and main/packs. What one protocol alone knows belongs to main/http.',
  ),
  behind(
    'prefork',
    [store, index('access', 'composition', 'engine', 'http', 'serving', 'worker')],
    'main/prefork is the arbiter of `outpost serve` and its HTTP workers, in which models run where requests arrive: itself, lib, contract/, and what it hosts. What a protocol knows belongs to main/http, what a model needs to main/worker.',
  ),
  behind(
    'composition',
    [store, index('engine', 'lifecycle', 'monitor', 'departure', 'packs', 'packs/build')],
    'main/composition opens and joins the rooms that answer: itself, lib, contract/ and what it joins. It decides nothing: a rule that is found here belongs to one of them.',
  ),
  behind(
    'updates',
    [index('packs'), npm('tuf-js', '@tufjs/models', 'electron-updater', 'builder-util-runtime', 'yauzl')],
    'main/updates decides what a feed says is genuine and moves its bytes: itself, lib, contract/, the index of main/packs, tuf-js, electron-updater. It runs no model and says no SQL.',
  ),
  behind(
    'feed',
    [index('packs'), npm('@tufjs/models', 'yazl')],
    'main/feed is the side of the publisher, with the private keys: itself, lib, contract/, the index of main/packs, @tufjs/models. Nothing that answers a prediction imports it.',
  ),
  behind(
    'http',
    [
      index('access', 'serving'),
      npm(
        'fastify',
        'swagger-ui-dist',
        'prom-client',
        '@grpc/grpc-js',
        '@grpc/proto-loader',
        '@opentelemetry/[^/]+',
      ),
    ],
    'main/http is the door for other programs: itself, lib, contract/, main/serving, main/access, fastify and the packages of its protocols. It decides nothing about models; no path of the disk comes from a request.',
  ),
  behind(
    'exports',
    [store, npm('hyparquet-writer', 'yazl')],
    'main/exports writes runs to files for other programs: itself, lib, contract/, main/store and the writers of its formats. It asks no engine: what is not stored is not exported.',
  ),
  behind(
    'intake',
    [store],
    'main/intake copies camera cards and says when one may be formatted: itself, lib, contract/ and main/store. It answers nothing: a run over the copy is started by who asked for it.',
  ),
  behind(
    'queue',
    [index('engine'), npm('bullmq', 'ioredis')],
    'main/queue shares a folder among machines over Redis: itself, lib, contract/, main/engine, bullmq. Answers are made by the engine alone.',
  ),
  behind(
    'cli',
    [
      index('access', 'composition', 'engine', 'exports', 'intake', 'lifecycle', 'serving'),
      index('feed', 'http', 'prefork', 'queue', 'updates', 'packs/build'),
      npm('commander', 'yaml'),
    ],
    'main/cli lets someone ask: itself, lib, contract/, commander, main/composition with the rooms that it joins, and what a command line opens besides: main/updates, main/http, main/queue and the two workshops main/feed and main/packs/build.',
  ),
  behind(
    'app',
    [
      index('access', 'composition', 'composition/pack-making', 'engine', 'exports', 'intake'),
      index('lifecycle', 'departure', 'serving'),
      // The program's own update is ready at the start, before the verifier of feeds is loaded.
      index('http', 'updates', 'updates/app'),
      npm('electron', 'electron-updater', 'builder-util-runtime'),
    ],
    'main/app is the window and its life: itself, lib, contract/, electron, main/composition with the rooms that it joins, main/updates and main/http.',
  ),
  room(
    'entry-room',
    '^main/[^/]+[.]ts$',
    ['^main/app/lifecycle[.]ts$', '^main/cli/index[.]ts$', npm('electron')],
    'main/index.ts only hands over: to app/lifecycle.ts or cli/index.ts. Everything else belongs to one of them.',
  ),
];

/** What another folder may import of a screen, of the folders inside one, and of the frame around them. */
const screenEntrances = [
  '^renderer/frame/index[.]ts$',
  '^renderer/screens/[^/]+/index[.]ts$',
  '^renderer/screens/[^/]+/[^/]+/index[.]ts$',
];
const screenComment =
  'The index.ts of a screen, and of a folder inside one, is all that others may import of it. What two screens need belongs to renderer/parts (a picture), renderer/state, renderer/actions or renderer/hooks; or is exported by the index.ts of the screen whose subject it is.';

const plain = [
  ban(
    'folders-by-index',
    // What threads do is a table of each protocol's readers and writers, without its routes.
    { path: '^main/(engine|http|lifecycle)/([^/]+)', pathNot: '^main/http/text-work[.]ts$' },
    { path: '^main/$1/[^/]+/', pathNot: ['^main/$1/$2/', '^main/$1/[^/]+/index[.]ts$'] },
    'A folder of main/engine, main/http or main/lifecycle is asked through its index.ts, by the other folders and by the files beside it. What two folders need belongs to one of them, or to a file of the room itself.',
  ),
  ban(
    'screens-from-outside',
    { path: '^renderer/', pathNot: '^renderer/(frame|screens)/' },
    { path: '^renderer/(frame|screens)/', pathNot: [...screenEntrances, '[.]css$'] },
    screenComment,
  ),
  ban(
    'screens-among-themselves',
    { path: '^renderer/(frame|screens/[^/]+)/' },
    { path: '^renderer/(frame|screens)/', pathNot: ['^renderer/$1/', ...screenEntrances] },
    screenComment,
  ),
  ban(
    'screens-to-their-folders',
    { path: '^renderer/screens/[^/]+/[^/]+[.]tsx?$' },
    { path: '^renderer/screens/[^/]+/[^/]+/', pathNot: screenEntrances },
    screenComment,
  ),
  ban(
    'screens-among-their-folders',
    { path: '^renderer/screens/([^/]+/[^/]+)/' },
    { path: '^renderer/screens/[^/]+/[^/]+/', pathNot: ['^renderer/screens/$1/', ...screenEntrances] },
    screenComment,
  ),
  ban(
    'frame-is-outermost',
    { pathNot: '^renderer/(frame/|app[.]tsx$|index[.]tsx$)' },
    { path: '^renderer/frame/' },
    'The frame stands around the screens and knows them; no screen knows the frame.',
  ),
  ban(
    'screens-ask-state',
    { path: '^renderer/(screens/|frame/|hooks/|parts/|app[.]tsx$)' },
    { path: '^renderer/bridge[.]ts$' },
    'A screen or part asks renderer/state for what it shows and renderer/actions for what it does; only those speak to the bridge.',
  ),
  ban(
    'parts-know-nothing',
    { path: '^renderer/parts/' },
    { path: '^renderer/(state|actions|screens|frame|hooks)/' },
    'A part draws what it is handed. What fetches or decides belongs to the screen that uses the part.',
  ),
  ban(
    'workers-are-started',
    { pathNot: '^(main/worker|main/prefork/worker|test)/' },
    { path: '^main/worker/' },
    'Nobody but the HTTP worker imports main/worker: it is started by path and spoken to by wire, so that its crash is its own. Types that both sides need belong to contract/wire.ts.',
  ),
  ban(
    'electron-in-app-only',
    { pathNot: ['^(main/app|preload|test)/', '^main/index[.]ts$'] },
    { path: npm('electron') },
    'Only main/app and preload/ may say electron, so that everything else runs in plain Node. Hand what is needed in as an argument from main/app/lifecycle.ts.',
  ),
  ban(
    'not-to-test',
    { pathNot: '^(test|tools)/' },
    { path: '^(test|tools)/' },
    'The program does not import its tests or tools.',
  ),
  ban(
    'no-circular',
    {},
    { circular: true },
    'Two files that need each other are one file, or need a third below them.',
  ),
  ban(
    'not-to-unresolvable',
    {},
    { couldNotResolve: true },
    'This import leads nowhere: a wrong path, a missing .ts or .tsx, or a package that is not installed.',
  ),
];

module.exports = {
  forbidden: [...rooms, ...plain],
  options: {
    // Without this, type-only imports are not seen.
    tsPreCompilationDeps: true,
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(test/fixtures/|out/)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
};
