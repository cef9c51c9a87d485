/** The platform in a process of its own, ordered about by messages. It ends with the process that started it. */
import { startPlatform } from '#test/support/platform.ts';

export type Order =
  | { readonly kind: 'move'; readonly item: string; readonly place: string }
  | { readonly kind: 'close-broker' }
  | { readonly kind: 'stop' };

export interface Started {
  readonly url: string;
  readonly admin: { readonly name: string; readonly password: string };
}

const platform = await startPlatform();

async function obey(order: Order): Promise<boolean> {
  switch (order.kind) {
    case 'move':
      return platform.simulation.moveItem(order.item, order.place);
    case 'close-broker':
      await platform.centre.broker?.close();
      return true;
    case 'stop':
      await platform.stop();
      return true;
  }
}

process.on('message', (order: Order) => {
  void obey(order).then((isDone) => {
    process.send?.(isDone);
    if (order.kind === 'stop') process.disconnect();
  });
});
process.on('disconnect', () => process.exit());
process.send?.({ url: platform.url, admin: platform.admin } satisfies Started);
