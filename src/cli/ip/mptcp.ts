/** `ip mptcp`: the addresses that connections of Multipath TCP may use, limits, and what happens to connections (net/mptcp/pm_netlink.c). */
import { mptcpPm } from '../../families/generic/mptcp.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { listen, printAll } from '../generic.ts';
import { act, only, parse, to, type Command, type Draft, type Grammar, type Row } from '../grammar.ts';
import { printEndpoint, printEvent, printLimits } from '../print/mptcp.ts';
import { address, addressLike, device, u16, u32, u8 } from '../values.ts';
import type { Words } from '../words.ts';

interface Given { id?: number; flags?: string[]; ifIdx?: number; port?: number; address?: { family: string; address: string } }

const flag = (name: string): Row => act((draft) => { draft['flags'] = [...(draft['flags'] as string[] | undefined ?? []).filter((one) => one !== name), name]; }, undefined, { repeat: true });
/** Flags that are not sent are taken away: saying so changes nothing. */
const nothing = act(() => {}, undefined, { repeat: true });

const rows: Grammar = {
  signal: flag('signal'), subflow: flag('subflow'), backup: flag('backup'), fullmesh: flag('fullmesh'), implicit: flag('implicit'), laminar: flag('laminar'),
  nobackup: nothing, nofullmesh: nothing,
  id: to('id', u8('ID')),
  dev: to('ifIdx', device),
  port: to('port', u16('NR')),
  '': to('address', { ...address, fits: addressLike }),
};
const changed = ['backup', 'nobackup', 'fullmesh', 'nofullmesh'];

/** An endpoint as the kernel takes it. What is 0 counts as not given, but for an id. */
function endpoint({ id, flags = [], ifIdx, port, address: given }: Given): Draft {
  return {
    addr: {
      ...(id !== undefined && { id }), ...(flags.length > 0 && { flags }), ...(ifIdx && { ifIdx }), ...(port && { port }),
      ...(given && { family: given.family, [given.family === 'inet' ? 'addr4' : 'addr6']: given.address }),
    },
  };
}

type Check = (given: Given) => void;
const change = (summary: string, example: string, usageLine: string, options: Grammar, message: string, check: Check): Command => ({
  summary, examples: [example], usage: usageLine, options, unlogged: true,
  async run(context, words) {
    const given = parse(options, words, {}, context) as Given;
    check(given);
    (await context.kernel.generic(mptcpPm)).request(message, endpoint(given));
  },
});

const noId = ({ id }: Given): void => { if (id === 0) throw usage('id 0 is the address that a connection began with', 'ids of endpoints are 1 to 255'); };

function checkAdd(given: Given): void {
  const { address: where, port, flags = [] } = given;
  if (!where) throw usage('which address?', 'ip mptcp endpoint add ADDRESS subflow');
  noId(given);
  if (flags.includes('signal') && flags.includes('fullmesh')) throw usage('"signal" and "fullmesh" exclude each other', 'what is announced makes no subflows by itself');
  if (port && !flags.includes('signal')) throw usage('"port" is for addresses that are announced', 'add "signal"');
}

function checkDelete({ id, address: where }: Given): void {
  if (id === undefined) throw usage('which endpoint?', 'ip mptcp endpoint delete id ID; ip mptcp endpoint show tells the ids');
  if (id !== 0 && where) throw usage('the id says which endpoint: the address is one word too many');
  if (id === 0 && !where) throw usage('id 0 needs the address', 'ip mptcp endpoint delete id 0 ADDRESS');
}

function checkChange(given: Given): void {
  noId(given);
  if (given.id === undefined && !given.address) throw usage('which endpoint?', 'ip mptcp endpoint change id ID backup');
  if (given.id !== undefined && given.port) throw usage('the id says which endpoint: "port" is one word too many');
}

async function showEndpoints(context: Context, words: Words): Promise<void> {
  const given = parse(showOptions, words, {}, context) as Given;
  noId(given);
  const kernel = await context.kernel.generic(mptcpPm);
  const found = given.id === undefined ? kernel.dump('getAddr', {}) : [kernel.get('getAddr', endpoint(given))];
  printAll(context, found, printEndpoint);
}
const showOptions = only(rows, ['id']);

const limitOptions: Grammar = { subflows: to('subflows', u32('NR')), add_addr_accepted: to('rcvAddAddrs', u32('NR')) };

export const mptcp: Command = {
  summary: 'addresses, limits and events of Multipath TCP',
  examples: ['ip mptcp endpoint', 'ip mptcp endpoint add 10.0.0.2 dev eth1 subflow', 'ip mptcp limits set subflows 2', 'ip mptcp monitor'],
  commands: {
    endpoint: {
      summary: 'addresses that connections may use',
      examples: ['ip -j mptcp endpoint show', 'ip mptcp endpoint add 10.0.0.2 dev eth1 signal'],
      otherwise: 'show',
      commands: {
        add: change('add an address', 'ip mptcp endpoint add 10.0.0.2 dev eth1 subflow fullmesh', 'ADDRESS [ dev DEVICE ] [ id ID ] [ port NR ] [ signal | subflow | backup | fullmesh ] ...', rows, 'addAddr', checkAdd),
        change: change('change how an address is used', 'ip mptcp endpoint change id 1 backup', '{ id ID | ADDRESS [ port NR ] } [ backup | nobackup | fullmesh | nofullmesh ] ...', only(rows, [...changed, 'id', 'dev', 'port', '']), 'setFlags', checkChange),
        delete: change('delete an address', 'ip mptcp endpoint delete id 1', 'id ID [ ADDRESS ]', only(rows, ['id', '']), 'delAddr', checkDelete),
        show: { summary: 'print addresses', examples: ['ip -j mptcp endpoint show', 'ip mptcp endpoint show id 1'], usage: '[ id ID ]', options: showOptions, run: showEndpoints },
        flush: {
          summary: 'delete all addresses',
          unlogged: true,
          examples: ['ip mptcp endpoint flush'],
          options: {},
          async run(context, words) {
            parse({}, words, {}, context);
            (await context.kernel.generic(mptcpPm)).request('flushAddrs', {});
          },
        },
      },
    },
    limits: {
      summary: 'how many subflows and announced addresses a connection may have',
      examples: ['ip mptcp limits', 'ip mptcp limits set subflows 2 add_addr_accepted 2'],
      otherwise: 'show',
      commands: {
        set: {
          summary: 'set limits',
          unlogged: true,
          examples: ['ip mptcp limits set subflows 2 add_addr_accepted 2'],
          usage: '[ subflows NR ] [ add_addr_accepted NR ]',
          options: limitOptions,
          async run(context, words) {
            const { rcvAddAddrs, subflows } = parse(limitOptions, words, {}, context);
            if (rcvAddAddrs === undefined && subflows === undefined) throw usage('which limit?', 'ip mptcp limits set subflows 2');
            (await context.kernel.generic(mptcpPm)).request('setLimits', { rcvAddAddrs, subflows });
          },
        },
        show: {
          summary: 'print limits',
          examples: ['ip -j mptcp limits show'],
          options: {},
          async run(context, words) {
            parse({}, words, {}, context);
            printAll(context, [(await context.kernel.generic(mptcpPm)).get('getLimits', {})], printLimits);
          },
        },
      },
    },
    monitor: {
      summary: 'what happens to connections',
      examples: ['ip mptcp monitor', 'ip -j mptcp monitor   # NDJSON'],
      options: {},
      async run(context, words) {
        parse({}, words, {}, context);
        await listen(context, mptcpPm, ['events'], printEvent);
      },
    },
  },
};
