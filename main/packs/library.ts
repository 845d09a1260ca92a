import { isAbsolute, join, relative, sep } from 'node:path';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { Pointer } from '../../contract/lifecycle/lifecycle.ts';
import type { Variant } from '../../contract/packs/manifest.ts';
import { readModelCard, readGolden, readLabels } from './contents.ts';
import type { Library, Pack, PackFolder, RefusedPack } from './types.ts';
import { createManifestReader } from './manifest.ts';
import { readGraph } from './graph/read.ts';
import { asIfAnswered, changedBy, choosePart, resolveParts, usersOf, wholeDigest } from './parts.ts';
import { scanFolders } from './scan.ts';
import type { Scanned } from './scan.ts';
import { createProver, verifyPack } from './verify.ts';
import { compareVersions, isPrerelease } from './versions.ts';

type LibraryOptions = { readonly folders: readonly PackFolder[]; readonly appVersion: string };

/** Opens the library of these folders and scans it once. A folder is a pack or contains packs. */
export async function openLibrary({ folders, appVersion }: LibraryOptions): Promise<Library> {
  const readManifest = createManifestReader(appVersion);
  let scanned: Scanned = { packs: [], refused: [] };
  const scan = async (): Promise<void> => {
    scanned = await scanFolders(folders, readManifest);
  };
  let pointers: ReadonlyMap<string, Pointer> = new Map();
  let shunned: ReadonlySet<string> = new Set();
  const here = () => ({ packs: scanned.packs, pointers, shunned });
  await scan();
  return {
    scan,
    point: (given, unfit = new Set()) => {
      pointers = given;
      shunned = unfit;
    },
    list: () => scanned.packs,
    refused: () => scanned.refused,
    find: (ref) => findPack(scanned, pointers, ref),
    variant: chooseVariant,
    parts: (pack, part) => resolveParts(part ? asIfAnswered(here(), part) : here(), pack),
    fitting: (part) => choosePart(here(), part) ?? null,
    digestOf: (pack, part) => {
      const parts = resolveParts(part ? asIfAnswered(here(), part) : here(), pack);
      return parts.ok ? wholeDigest(pack, parts.value) : pack.digest;
    },
    usersOf: (pack) => usersOf(here(), pack),
    changedBy: (pack) => changedBy(here(), pack),
    verify: verifyPack,
    prove: createProver(),
    labels: readLabels,
    golden: readGolden,
    card: readModelCard,
    operators: async (pack, { file }) => {
      if (file === undefined) return ok([]);
      const graph = await readGraph(fileOf(pack, file));
      return graph.ok ? ok(graph.value.operators) : graph;
    },
    fileOf,
  };
}

/** Resolves a version or label; a pack that was refused gives its fault. */
function findPack(
  { packs, refused }: Scanned,
  pointers: ReadonlyMap<string, Pointer>,
  ref: string,
): Outcome<Pack> {
  const { id, asked } = readRef(packs, ref);
  const ofModel = packs
    .filter(({ manifest }) => manifest.id === id)
    .sort((one, other) => compareVersions(other.manifest.version, one.manifest.version));
  const wanted = versionMeant(pointers.get(id), asked);
  const found = ofModel.find(
    ({ manifest: { version } }) =>
      wanted === undefined || version === wanted || (wanted === 'stable' && !isPrerelease(version)),
  );
  if (found) return ok(found);
  const why = refusal(refused, id, wanted);
  if (why) return { ok: false, fault: why };
  if (ofModel.length === 0) return failed('model-not-found', { model: ref });
  const available = ofModel.map(({ manifest }) => manifest.version).join(', ');
  return failed('version-not-found', { model: id, version: wanted ?? '', available });
}

/** Parses `id` or `id@version`; a bare model is also found by its folder's name, which may contain `@`. */
function readRef(packs: readonly Pack[], ref: string): { readonly id: string; readonly asked?: string } {
  const idOf = (name: string): string | undefined =>
    packs.find(({ manifest }) => manifest.serving?.name === name)?.manifest.id;
  const whole = idOf(ref);
  if (whole !== undefined) return { id: whole };
  const at = ref.lastIndexOf('@');
  const name = at < 0 ? ref : ref.slice(0, at);
  const id = packs.some(({ manifest }) => manifest.id === name) ? name : (idOf(name) ?? name);
  return at < 0 ? { id } : { id, asked: ref.slice(at + 1) };
}

/** The version that a label stands for, or the text itself when there is no such label. */
function versionMeant(pointer: Pointer | undefined, asked: string | undefined): string | undefined {
  if (!pointer) return asked;
  if (asked === undefined || asked === 'stable') return pointer.active;
  if (asked === 'previous') return pointer.previous ?? asked;
  return asked === 'canary' ? (pointer.canary ?? asked) : asked;
}

/** A refused pack is identified by its folder only: `<id>` or `<id>/<version>-<digest12>`. */
function refusal(refused: readonly RefusedPack[], id: string, wanted: string | undefined): Fault | undefined {
  const isMeant = ({ name }: RefusedPack) =>
    name === id || (wanted === undefined ? name.startsWith(`${id}/`) : name.startsWith(`${id}/${wanted}-`));
  return refused.find(isMeant)?.fault;
}

function chooseVariant(pack: Pack, choice: string): Outcome<Variant> {
  const { variants } = pack.manifest;
  const chosen = choice === 'auto' ? variants[0] : variants.find(({ name }) => name === choice);
  if (chosen) return ok(chosen);
  return failed('variant-not-found', {
    model: pack.ref,
    variant: choice,
    available: variants.map(({ name }) => name).join(', '),
  });
}

function fileOf(pack: Pack, path: string): string {
  const isListed = pack.manifest.files.some((file) => file.path === path);
  const place = join(pack.folder, path);
  const inside = relative(pack.folder, place);
  // A programming error: manifests were validated when they were read.
  const isOutside = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  if (!isListed || isOutside) throw new Error(`${pack.ref} lists no file ${path}`);
  return place;
}
