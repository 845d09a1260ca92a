/**
 * Reads the answers of one connection that is asked again only after each: a function that takes bytes and gives
 * `{ status, closes }` with the last ones of an answer, else null.
 */
export function answerReader() {
  let head = null;
  let seen = Buffer.alloc(0);
  let received = 0;
  return (bytes) => {
    if (head === null) {
      seen = seen.length === 0 ? bytes : Buffer.concat([seen, bytes]);
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) return null;
      head = headOf(seen.toString('latin1', 0, end));
      received = seen.length - end - 4;
      seen = seen.subarray(Math.max(end + 4, seen.length - chunkEnd.length));
    } else {
      received += bytes.length;
      seen = bytes.length >= chunkEnd.length ? bytes : Buffer.concat([seen, bytes]);
      seen = seen.subarray(-chunkEnd.length);
    }
    const isWhole =
      head.length === null ? seen.toString('latin1').endsWith(chunkEnd) : received >= head.length;
    if (!isWhole) return null;
    const { status, closes } = head;
    head = null;
    seen = Buffer.alloc(0);
    received = 0;
    return { status, closes };
  };
}

/** The last chunk of a chunked body. */
const chunkEnd = '0\r\n\r\n';

function headOf(text) {
  const length = /^content-length: *(\d+)/imu.exec(text);
  return {
    status: Number(text.slice(9, 12)),
    length: length ? Number(length[1]) : null,
    closes: /^connection: *close/imu.test(text),
  };
}
