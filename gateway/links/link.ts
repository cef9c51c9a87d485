/**
 * A two-way stream of bytes to a device, whatever the wire.
 *
 *     tcp://host:port                                      readers on the network, serial device servers
 *     tls://host:port?ca=FILE&name=NAME                    the same over TLS; also cert=FILE&key=FILE for our own
 *     tcp-listen://0.0.0.0:port?from=ADDRESS               readers that call us
 *     serial:///dev/ttyUSB0?baud=19200&parity=none         data bits 8, stop bits 1 unless said otherwise
 *     mqtt://host:1883?topic=FILTER                        readers that publish to a broker, ours or a foreign one
 *     http://host/path                                     readers whose web server streams
 *     webhook://0.0.0.0:8088/path                          readers that post to us
 */
export interface Link {
  /** For log lines and error messages. */
  readonly name: string;
  /**
   * What the device sends, in whatever pieces the wire gives. Can be read once. Reading slowly slows the device down:
   * no more than one stream buffer (64 KiB) is kept. Ends after `close`.
   *
   * Errors: DRV_LINK_LOST when the other end goes away.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /**
   * Resolves when the bytes have left for the wire.
   *
   * Errors: DRV_LINK_LOST.
   */
  send(bytes: Uint8Array): Promise<void>;
  /**
   * Asks the device something beside the stream; absent where the wire is not HTTP.
   *
   * Errors: DRV_LINK_LOST (no answer).
   */
  readonly request?: (request: LinkRequest) => Promise<LinkAnswer>;
  /** Gives the handle back. Safe to call twice. */
  close(): Promise<void>;
}

export interface LinkRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** From the root of the server: `/api/v1/status`. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string | undefined;
}

export interface LinkAnswer {
  readonly status: number;
  readonly body: string;
}

/** Opens the link of one reader; aborting `signal` gives up, or closes what was opened. */
export type OpenLink = (signal: AbortSignal) => Promise<Link>;
