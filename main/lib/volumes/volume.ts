/** A mounted file system. */
export type Volume = {
  /** The folder where it is mounted. */
  readonly place: string;
  /** What it was given when it was formatted: a UUID or serial number; null where none can be read. */
  readonly id: string | null;
  readonly label: string | null;
  /** As in `vfat` or `exfat`, by the system's own word. */
  readonly type: string;
  /** Cards, sticks, and drives on a cable. */
  readonly isRemovable: boolean;
};
