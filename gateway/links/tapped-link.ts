/** A link that somebody listens to: what goes over the wire, both ways, as it goes. */
import type { Link, OpenLink } from '#gateway/links/link.ts';

/** Called with every piece in the order of the wire. Must not throw and must not keep the array for long. */
export type Tap = (from: 'reader' | 'gateway', bytes: Uint8Array) => void;

/** The same links, heard by `tap`. */
export function tapped(openLink: OpenLink, tap: Tap): OpenLink {
  return async (signal) => {
    const link = await openLink(signal);
    return tappedLink(link, tap);
  };
}

/** What is asked beside the stream (HTTP) is not heard. */
function tappedLink(link: Link, tap: Tap): Link {
  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of link.bytes) {
      tap('reader', chunk);
      yield chunk;
    }
  }
  return {
    ...link,
    bytes: bytes(),
    send: (data) => {
      tap('gateway', data);
      return link.send(data);
    },
  };
}
