import { HttpExecutor } from 'builder-util-runtime';
import type { DownloadOptions } from 'builder-util-runtime';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { proxyFor, requestTo, throughProxy, tunnelled } from './proxy.ts';

/** Node's own network for the command line and tests, with the proxy that the environment names; the window has Electron's, and with it the system's proxy. */
export const nodeHttpExecutor = (): HttpExecutor<ClientRequest> => new NodeHttpExecutor();

class NodeHttpExecutor extends HttpExecutor<ClientRequest> {
  override createRequest(
    options: RequestOptions,
    callback: (response: IncomingMessage) => void,
  ): ClientRequest {
    const request = requestTo(options);
    const proxy = proxyFor(options);
    if (proxy === null) return request(options, callback);
    if (request === httpsRequest)
      return tunnelled(options, proxy, (through) => httpsRequest(through, callback));
    return requestTo(proxy)(throughProxy(options, proxy), callback);
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
