/** Work on more bytes than these is done on another thread: the event loop would stand still for the others meanwhile. */
export const largeBytes = 256 * 1024;
