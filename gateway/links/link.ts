/**
 * A two-way stream of bytes to a device, whatever the wire.
 *
 *     tcp://host:port                                      readers on the network, serial device servers
 *     tls://host:port?ca=FILE&name=NAME                    the same over TLS; also cert=FILE&key=FILE for our own
 *     tcp-listen://0.0.0.0:port?from=ADDRESS               readers that call us
 *     serial:///dev/ttyUSB0?baud=19200&parity=none         data bits 8, stop bits 1 unless said otherwise
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
  /** Gives the handle back. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens the link of one reader; aborting `signal` gives up, or closes what was opened. */
export type OpenLink = (signal: AbortSignal) => Promise<Link>;
