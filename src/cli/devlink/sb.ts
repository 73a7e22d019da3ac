/** `devlink sb`: shared buffers, their pools, and what is in them (net/devlink/sb.c). */
import { devlink, type Devlink } from '../../families/generic/devlink/index.ts';
import type { Context } from '../context.ts';
import { to, type Command, type Grammar } from '../grammar.ts';
import type { Body } from '../kernel.ts';
import { choice, u16, u32 } from '../values.ts';
import { Layout } from './layout.ts';
import { change, command, deviceName, portName, show, type Place, type Show } from './speak.ts';

/** Ports are named by their links where they have some. */
async function portNames(context: Context): Promise<(body: Place) => string> {
  if (context.options.portNames === false || context.options.dryRun) return portName;
  const kernel = await context.kernel.generic(devlink);
  let known: Map<string, string> | undefined;
  return (body) => {
    known ??= new Map((kernel.dump('portGet', {}) as Devlink[]).flatMap((port) => (port.portNetdevName === undefined ? [] : [[portName(port), port.portNetdevName]])));
    return known.get(portName(body)) ?? portName(body);
  };
}

const printBuffer: Show = (layout, body) => layout.listed(deviceName(body), () => {
  layout.word('sb', body.sbIndex);
  layout.more('size', body.sbSize);
  layout.more('ing_pools', body.sbIngressPoolCount);
  layout.more('eg_pools', body.sbEgressPoolCount);
  layout.more('ing_tcs', body.sbIngressTcCount);
  layout.more('eg_tcs', body.sbEgressTcCount);
});
const printPool: Show = (layout, body) => layout.listed(deviceName(body), () => {
  layout.word('sb', body.sbIndex);
  layout.more('pool', body.sbPoolIndex);
  layout.more('type', body.sbPoolType);
  layout.more('size', body.sbPoolSize);
  layout.more('thtype', body.sbPoolThresholdType);
  layout.more('cell_size', body.sbPoolCellSize, 'cell size');
});
const printPortPool = (layout: Layout, body: Devlink, name: string): void => layout.listed(name, () => {
  layout.word('sb', body.sbIndex);
  layout.more('pool', body.sbPoolIndex);
  layout.more('threshold', body.sbThreshold);
});
const printBinding = (layout: Layout, body: Devlink, name: string): void => layout.listed(name, () => {
  layout.word('sb', body.sbIndex);
  layout.more('tc', body.sbTcIndex);
  layout.more('type', body.sbPoolType);
  layout.more('pool', body.sbPoolIndex);
  layout.more('threshold', body.sbThreshold);
});

/** How much was held at the last snapshot, and at most. */
interface Held { readonly index: number; readonly now: number; readonly most: number; readonly pool?: number }
interface Occupied { readonly port: Place; readonly pools: Held[]; readonly ingress: Held[]; readonly egress: Held[] }
function occupied(bodies: readonly Devlink[]): Occupied[] {
  const ports = new Map<string, Occupied>();
  for (const body of bodies) {
    const { sbTcIndex, sbPoolIndex = 0, sbPoolType, sbOccCur, sbOccMax } = body;
    if (sbOccCur === undefined || sbOccMax === undefined) continue;
    const key = portName(body), port = ports.get(key) ?? { port: body, pools: [], ingress: [], egress: [] };
    ports.set(key, port);
    if (sbTcIndex === undefined) port.pools.push({ index: sbPoolIndex, now: sbOccCur, most: sbOccMax });
    else (sbPoolType === 'egress' ? port.egress : port.ingress).push({ index: sbTcIndex, now: sbOccCur, most: sbOccMax, pool: sbPoolIndex });
  }
  return [...ports.values()];
}
const COLUMN = 7, ROOM = 21, ACROSS = 4;
function heldText(label: string, all: readonly Held[]): string {
  let text = `  ${label}:`.padEnd(COLUMN);
  for (const [i, { index, now, most, pool }] of all.entries()) {
    if (i > 0 && i % ACROSS === 0) text += ' '.padEnd(COLUMN);
    text += `${String(index).padStart(2)}${pool === undefined ? '' : `(${pool})`}:`.padEnd(COLUMN) + `${String(now).padStart(10)}/${most}`.padEnd(ROOM);
    if ((i + 1) % ACROSS === 0) text += '\n';
  }
  return all.length % ACROSS === 0 ? text : `${text}\n`;
}
const heldFacts = (all: readonly Held[]): object => Object.fromEntries(all.map(({ index, now, most, pool }) => [String(index), { ...(pool !== undefined && { bound_pool: pool }), current: now, max: most }]));

const index: Grammar = { sb: to('sbIndex', u32('SB')) }, pool: Grammar = { pool: to('sbPoolIndex', u16('POOL')) }, threshold: Grammar = { th: to('sbThreshold', u32('THRESHOLD'), 'bytes; of a pool that is dynamic: alpha is 2^(threshold - 10)') };
const binding: Grammar = { tc: to('sbTcIndex', u16('TC')), type: to('sbPoolType', choice({ ingress: 'ingress', egress: 'egress' })) };
const unless = { sbIndex: 0 }, among = ['sbIndex'], DEV = 'pci/0000:01:00.0', PORT = `${DEV}/1`;

/** Of ports, which are named by their links. */
function showPorts(question: Omit<Parameters<typeof show>[0], 'print'>, print: (layout: Layout, body: Devlink, name: string) => void): Command {
  let names: (body: Place) => string = portName;
  const asked = show({ ...question, print: (layout, body) => print(layout, body, names(body)) });
  return {
    ...asked,
    async run(context, words) {
      names = await portNames(context);
      return asked.run?.(context, words);
    },
  };
}

export const sb: Command = {
  summary: 'shared buffers',
  examples: ['devlink sb', `devlink sb pool set ${DEV} pool 0 size 12000000 thtype dynamic`, `devlink sb occupancy snapshot ${DEV}`, `devlink sb occupancy show ${PORT}`],
  otherwise: 'show',
  commands: {
    'show|list': show({ summary: 'print buffers', line: '[ DEV [ sb SB ] ]', examples: ['devlink sb', `devlink sb show ${DEV} sb 0`], section: 'sb', message: 'sbGet', one: ['dev'], needs: index, some: ['dev'], among, unless, print: printBuffer }),
    pool: {
      summary: 'pools of a buffer', otherwise: 'show',
      commands: {
        'show|list': show({ summary: 'print pools', line: '[ DEV [ sb SB ] [ pool POOL ] ]', examples: ['devlink sb pool', `devlink sb pool show ${DEV} pool 0`], section: 'pool', message: 'sbPoolGet', one: ['dev'], needs: { ...index, ...pool }, some: ['dev'], among, unless, print: printPool }),
        set: change({ summary: 'set a pool', line: 'DEV [ sb SB ] pool POOL size SIZE thtype { static | dynamic }', examples: [`devlink sb pool set ${DEV} pool 0 size 12000000 thtype dynamic`], message: 'sbPoolSet', on: ['dev'], unless, needs: { ...index, ...pool, size: to('sbPoolSize', u32('BYTES')), thtype: to('sbPoolThresholdType', choice({ static: 'static', dynamic: 'dynamic' })) } }),
      },
    },
    port: {
      summary: 'what ports may take of pools',
      commands: {
        pool: {
          summary: 'what ports may take of pools', otherwise: 'show',
          commands: {
            'show|list': showPorts({ summary: 'print it', line: '[ { DEV | DEV/PORT } [ sb SB ] [ pool POOL ] ]', examples: ['devlink sb port pool', `devlink sb port pool show ${PORT} pool 0`], section: 'port_pool', message: 'sbPortPoolGet', one: ['port'], needs: { ...index, ...pool }, some: ['dev', 'port'], among, unless }, printPortPool),
            set: change({ summary: 'set it', line: 'DEV/PORT [ sb SB ] pool POOL th THRESHOLD', examples: [`devlink sb port pool set ${PORT} pool 0 th 15`], message: 'sbPortPoolSet', on: ['port'], unless, needs: { ...index, ...pool, ...threshold } }),
          },
        },
      },
    },
    tc: {
      summary: 'the pools of traffic classes',
      commands: {
        bind: {
          summary: 'the pools of traffic classes', otherwise: 'show',
          commands: {
            'show|list': showPorts({ summary: 'print them', line: '[ { DEV | DEV/PORT } [ sb SB ] [ tc TC type { ingress | egress } ] ]', examples: ['devlink sb tc bind', `devlink sb tc bind show ${PORT} tc 0 type ingress`], section: 'tc_bind', message: 'sbTcPoolBindGet', one: ['port'], needs: { ...index, ...binding }, some: ['dev', 'port'], among, unless }, printBinding),
            set: change({ summary: 'set one', line: 'DEV/PORT [ sb SB ] tc TC type { ingress | egress } pool POOL th THRESHOLD', examples: [`devlink sb tc bind set ${PORT} tc 0 type ingress pool 0 th 9`], message: 'sbTcPoolBindSet', on: ['port'], unless, needs: { ...index, ...binding, ...pool, ...threshold } }),
          },
        },
      },
    },
    occupancy: {
      summary: 'how much is held',
      commands: {
        'show|list': command({
          summary: 'print the last snapshot: now/at most, by pool and by traffic class', line: '{ DEV | DEV/PORT } [ sb SB ]', examples: [`devlink sb occupancy show ${DEV}`, 'devlink sb occupancy show eth0'], on: ['dev', 'port'], options: index,
          async run(context, kernel, place, { sbIndex = 0 }) {
            const wanted: Body = { ...place, sbIndex }, all = [...kernel.dump('sbPortPoolGet', {}), ...kernel.dump('sbTcPoolBindGet', {})].filter((body) => Object.entries(wanted).every(([key, value]) => body[key] === value)) as Devlink[];
            if (context.options.dryRun) return;
            const layout = new Layout(context), names = await portNames(context);
            layout.section('occupancy', () => {
              for (const { port, pools, ingress, egress } of occupied(all)) {
                layout.about(names(port), () => {
                  for (const [key, held] of Object.entries({ pool: pools, itc: ingress, etc: egress })) layout.plain(key, heldFacts(held));
                  layout.put(`\n${heldText('pool', pools)}${heldText('itc', ingress)}${heldText('etc', egress)}`);
                });
              }
            });
            layout.finish();
          },
        }),
        snapshot: change({ summary: 'take a snapshot', line: 'DEV [ sb SB ]', examples: [`devlink sb occupancy snapshot ${DEV}`], message: 'sbOccSnapshot', on: ['dev'], unless, needs: index }),
        clearmax: change({ summary: 'begin anew with what was held at most', line: 'DEV [ sb SB ]', examples: [`devlink sb occupancy clearmax ${DEV}`], message: 'sbOccMaxClear', on: ['dev'], unless, needs: index }),
      },
    },
  },
};
