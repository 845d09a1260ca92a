// HEALTHCHECK of the image: 0 when the server inside says that it is ready. Needs no token.
import { get } from 'node:http';
import process from 'node:process';

const [url = 'http://127.0.0.1:8501/readyz'] = process.argv.slice(2);
const request = get(url, { timeout: 3000 }, (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
request.on('timeout', () => request.destroy(new Error('no answer within 3 s')));
request.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
