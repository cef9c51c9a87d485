/** The AsyncAPI 3.0 document of the MQTT interface, generated from the schemas that check every message. */
import { z } from 'zod';
import { fact } from '#contract/domain/fact.ts';
import { envelope } from './envelope.ts';
import { COMMAND_KINDS, COMMANDS, desiredConfig } from './commands.ts';
import { MESSAGE_EXAMPLES } from './examples.table.ts';
import { jsonSchema, type JsonSchema } from './json-schema.ts';
import { observation } from './observation.ts';
import { command, gatewayStatus, notice } from './status.ts';
import { gatewayTopic, deviceTopic, liveTopic } from './topics.ts';

interface Message {
  readonly summary: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
}

interface Channel {
  readonly address: string;
  readonly description: string;
  readonly message: keyof typeof MESSAGES;
  /** As seen by the broker: it receives what devices write. */
  readonly action: 'send' | 'receive';
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** Batches with every kind of observation of version 1 spelled out; the broker also takes kinds it does not know yet. */
const observations = envelope.extend({ observations: z.array(observation).max(500) });

const MESSAGES = {
  observations: { summary: 'A batch of observations', schema: observations, example: MESSAGE_EXAMPLES.observations },
  status: { summary: 'How a gateway is', schema: gatewayStatus, example: MESSAGE_EXAMPLES.status },
  config: { summary: 'Desired configuration', schema: desiredConfig, example: MESSAGE_EXAMPLES.config },
  command: { summary: 'Something to do', schema: command, example: MESSAGE_EXAMPLES.command },
  notice: { summary: 'Why something was refused', schema: notice, example: MESSAGE_EXAMPLES.notice },
  vendor: { summary: 'A payload as its vendor defines it', schema: z.unknown(), example: MESSAGE_EXAMPLES.vendor },
  fact: { summary: 'Something the engine concluded', schema: fact, example: MESSAGE_EXAMPLES.fact },
} as const satisfies Record<string, Message>;

/** Told in the document, so that nobody waits for messages that do not come yet. */
const NOT_YET = ' Reserved: this version of the broker publishes nothing here yet.';

const [L, G, D] = ['{library}', '{gateway}', '{device}'];

/** Every channel of version 1. */
export const CHANNELS = {
  observations: {
    address: gatewayTopic(L, G, 'observations'),
    description:
      'What a gateway observed; `(gateway, epoch, seq)` names a batch for ever, and PUBACK means it is durable.',
    message: 'observations',
    action: 'receive',
    qos: 1,
    retain: false,
  },
  status: {
    address: gatewayTopic(L, G, 'status'),
    description: 'How a gateway is; also its last will.',
    message: 'status',
    action: 'receive',
    qos: 1,
    retain: true,
  },
  config: {
    address: gatewayTopic(L, G, 'config'),
    description:
      'What a gateway should be set to: at each subscription, at each change, and again until its status names it.',
    message: 'config',
    action: 'send',
    qos: 1,
    retain: false,
  },
  commands: {
    address: gatewayTopic(L, G, 'commands'),
    description:
      'What a gateway is asked to do; sent again until it is answered by an observation of kind `reply`, or its deadline ' +
      'is over. A gateway runs each id once. Kinds and their arguments: ' +
      `${COMMAND_KINDS.map((kind) => `\`${kind}\` (${COMMANDS[kind].summary.toLowerCase()})`).join(', ')}.`,
    message: 'command',
    action: 'send',
    qos: 1,
    retain: false,
  },
  notices: {
    address: gatewayTopic(L, G, 'notices'),
    description: 'Why something of this gateway was refused.',
    message: 'notice',
    action: 'send',
    qos: 0,
    retain: false,
  },
  deviceUp: {
    address: deviceTopic(L, D),
    description: 'A third-party sensor on our broker.',
    message: 'vendor',
    action: 'receive',
    qos: 1,
    retain: false,
  },
  liveItems: liveChannel('items', 'Items that arrived, moved, left or stand wrong.'),
  liveSpace: liveChannel('space', 'How full zones are.'),
  liveAlerts: liveChannel('alerts', 'Antennas that fell silent and the like.'),
} as const satisfies Record<string, Channel>;

function liveChannel(stream: 'items' | 'space' | 'alerts', description: string): Channel {
  return {
    address: liveTopic(L, stream, '{subject}'),
    description: `${description}${NOT_YET}`,
    message: 'fact',
    action: 'send',
    qos: 0,
    retain: false,
  };
}

const PARAMETERS: Readonly<Record<string, { readonly description: string; readonly examples: readonly string[] }>> = {
  library: { description: 'Key of the library: a to z, 0 to 9 and hyphens, at most 32.', examples: ['demo'] },
  gateway: { description: 'Id of the gateway.', examples: ['gw-1'] },
  device: { description: 'Id of the sensor.', examples: ['counter-entrance'] },
  subject: { description: 'Item, zone or read point.', examples: ['shelf-12'] },
};

/** The document; the same for every library. */
export function asyncApiDocument(): Readonly<Record<string, unknown>> {
  const channels = Object.entries<Channel>(CHANNELS);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Shelfwise over MQTT',
      version: '1.0.0',
      description:
        'MQTT 3.1.1. Sign in with `{library}:{device}` as user name and client id, and the secret of the device as password. ' +
        'Fields that a receiver does not know are left alone. Times are ISO 8601 UTC.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(channels.map(([id, channel]) => [id, describeChannel(channel)])),
    operations: Object.fromEntries(channels.map(([id, channel]) => [id, describeOperation(id, channel)])),
    components: { messages: Object.fromEntries(Object.entries<Message>(MESSAGES).map(describeMessage)) },
  };
}

function describeChannel({ address, description, message }: Channel): JsonSchema {
  const names = [...address.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return {
    address,
    description,
    parameters: Object.fromEntries(names.map((name) => [name, PARAMETERS[name]])),
    messages: { [message]: { $ref: `#/components/messages/${message}` } },
  };
}

function describeOperation(id: string, { action, message, qos, retain }: Channel): JsonSchema {
  return {
    action,
    channel: { $ref: `#/channels/${id}` },
    messages: [{ $ref: `#/channels/${id}/messages/${message}` }],
    bindings: { mqtt: { qos, retain, bindingVersion: '0.2.0' } },
  };
}

function describeMessage([name, { summary, schema, example }]: [string, Message]): [string, JsonSchema] {
  // Without a format of its own: draft 7 is what AsyncAPI takes when nothing is said.
  const payload = jsonSchema(schema, 'input', 'draft-7');
  return [name, { name, summary, payload, examples: [{ name: 'example', payload: example }] }];
}

/** Schema of each message, for whoever checks one by name. */
export function messageSchema(name: keyof typeof MESSAGES): z.ZodType {
  return MESSAGES[name].schema;
}
