import { HttpExecutor } from 'builder-util-runtime';
import type { DownloadOptions } from 'builder-util-runtime';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { trustedContext } from './authorities.ts';
import { proxyFor, requestTo, throughProxy, tunnelled } from './proxy.ts';

/** The proxy for an address; null for none. */
export type ProxyOf = (address: Pick<RequestOptions, 'protocol' | 'hostname' | 'port'>) => URL | null;

/**
 * Node's network stack, also for the window: Chromium's is disabled in this program, so that no page can reach the
 * network. `proxyOf`: by default the proxy from the environment.
 */
export const nodeHttpExecutor = (proxyOf: ProxyOf = proxyFor): HttpExecutor<ClientRequest> =>
  new NodeHttpExecutor(proxyOf);

class NodeHttpExecutor extends HttpExecutor<ClientRequest> {
  readonly #proxyOf: ProxyOf;

  constructor(proxyOf: ProxyOf) {
    super();
    this.#proxyOf = proxyOf;
  }

  override createRequest(
    options: RequestOptions,
    callback: (response: IncomingMessage) => void,
  ): ClientRequest {
    const proxy = this.#proxyOf(options);
    if (requestTo(options) === httpsRequest) {
      const trusting = { ...options, secureContext: trustedContext() };
      return proxy
        ? tunnelled(trusting, proxy, (through) => httpsRequest(through, callback))
        : httpsRequest(trusting, callback);
    }
    return proxy
      ? requestTo(proxy)(throughProxy(options, proxy), callback)
      : requestTo(options)(options, callback);
  }

  /** Required by electron-updater's executor interface; Outpost downloads by `createRequest` only. */
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
