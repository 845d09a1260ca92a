/** Puts a value at the end of the map, and drops values from its beginning beyond `most`: the least recently put ones. */
export function putLast<K, V>(map: Map<K, V>, [key, value]: readonly [K, V], most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) if (map.size > most) map.delete(oldest);
}
