import { HttpExecutor } from 'builder-util-runtime';
import type { DownloadOptions } from 'builder-util-runtime';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Node's own network for the command line and tests; the window has Electron's, and with it the system's proxy. */
export const nodeHttpExecutor = (): HttpExecutor<ClientRequest> => new NodeHttpExecutor();

class NodeHttpExecutor extends HttpExecutor<ClientRequest> {
  override createRequest(
    options: RequestOptions,
    callback: (response: IncomingMessage) => void,
  ): ClientRequest {
    return options.protocol === 'http:' ? httpRequest(options, callback) : httpsRequest(options, callback);
  }

  /** Asked for by electron-updater's executors; Outpost moves its bytes by `createRequest` alone. */
  async download(url: URL, destination: string, options: DownloadOptions): Promise<string> {
    return options.cancellationToken.createPromise<string>((resolve, reject, onCancel) => {
      this.doDownload(
        { protocol: url.protocol, hostname: url.hostname, port: url.port, path: url.pathname + url.search },
        {
          destination,
          options,
          onCancel,
          callback: (error: Error | null) => (error ? reject(error) : resolve(destination)),
          responseHandler: null,
        },
        0,
      );
    });
  }
}
