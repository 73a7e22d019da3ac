/** `devlink port`: ports, the functions that they are the switch's side of, splitting (net/devlink/port.c). */
import type { Devlink } from '../../families/generic/devlink/index.ts';
import { act, to, type Command, type Grammar, type Row } from '../grammar.ts';
import { choice, mac, u16, u32 } from '../values.ts';
import { healthCommands } from './health.ts';
import type { Layout } from './layout.ts';
import { nestedDevices } from './nested.ts';
import { paramCommands } from './param.ts';
import { rate } from './rate.ts';
import { change, portName, printed, show, truth, type Show } from './speak.ts';

const flavours = { physical: 'physical', cpu: 'cpu', dsa: 'dsa', pcipf: 'pciPf', pcivf: 'pciVf', pcisf: 'pciSf', virtual: 'virtual', unused: 'unused' } as const;
const flavourName = (flavour: string | number): string => Object.entries(flavours).find(([, value]) => value === flavour)?.[0] ?? String(flavour);
/** What a function can do, by devlink's words. */
const abilities = { roce: 'roce', migratable: 'migratable', ipsec_crypto: 'ipsecCrypto', ipsec_packet: 'ipsecPacket' } as const;

function printFunction(layout: Layout, { portFunction }: Devlink): void {
  if (!portFunction) return;
  const { hwAddr, state, opstate, caps, maxIoEqs, devlink = [] } = portFunction;
  layout.object('function', () => {
    layout.item('');
    if (layout.json) layout.plain('hw_addr', hwAddr);
    else if (hwAddr !== undefined) layout.raw(`hw_addr ${hwAddr}`);
    layout.more('state', state);
    layout.more('opstate', opstate);
    for (const [name, cap] of Object.entries(abilities)) if (caps?.selector.includes(cap)) layout.more(name, caps.value.includes(cap) ? 'enable' : 'disable');
    layout.more('max_io_eqs', maxIoEqs);
    nestedDevices(layout, devlink);
    layout.back();
  });
}
export const printPort: Show = (layout, body) => {
  const { portType: type, portDesiredType: wanted, portFlavour: flavour, portSplittable, portExternal } = body;
  layout.about(portName(body), () => {
    if (type === undefined) layout.item('');
    layout.word('type', type);
    if (type !== undefined && wanted !== type) layout.more('des_type', wanted);
    layout.more('netdev', body.portNetdevName);
    layout.more('ibdev', body.portIbdevName);
    if (flavour !== undefined) {
      layout.more('flavour', flavourName(flavour));
      if (['pciPf', 'pciVf', 'pciSf'].includes(String(flavour))) {
        for (const [name, number] of Object.entries({ controller: body.portControllerNumber, pfnum: body.portPciPfNumber, vfnum: body.portPciVfNumber, sfnum: body.portPciSfNumber })) layout.more(name, number);
        layout.more('external', portExternal === undefined ? undefined : portExternal !== 0);
      }
    }
    layout.more('lc', body.linecardIndex);
    layout.more('port', body.portNumber);
    layout.more('split_group', body.portSplitGroup);
    layout.more('splittable', portSplittable === undefined ? undefined : portSplittable !== 0);
    layout.more('lanes', body.portLanes);
    printFunction(layout, body);
  });
};

/** Whether a function can do something: the others stay as they are. */
const ability = (cap: string): Row => act((draft, on) => {
  const caps = ((draft['portFunction'] ??= {}) as { caps?: { value: string[]; selector: string[] } }).caps ??= { value: [], selector: [] };
  caps.selector.push(cap);
  if (on) caps.value.push(cap);
}, { ...truth, name: '{ enable | disable }', choices: ['enable', 'disable'] });
const functionWords: Grammar = {
  hw_addr: to('portFunction.hwAddr', mac),
  state: to('portFunction.state', choice({ active: 'active', inactive: 'inactive' })),
  ...Object.fromEntries(Object.entries(abilities).map(([word, cap]) => [word, ability(cap)])),
  max_io_eqs: to('portFunction.maxIoEqs', u32('EQS')),
};
/** The kernel reads them in any order; devlink sends them in this. */
function orderedFunction(body: { portFunction?: Record<string, unknown> }): void {
  const { hwAddr, state, caps, maxIoEqs } = body.portFunction ?? {};
  body.portFunction = Object.fromEntries(Object.entries({ hwAddr, state, caps, maxIoEqs }).filter(([, value]) => value !== undefined));
}

const typeWord: Grammar = { type: to('portType', choice({ auto: 'auto', eth: 'eth', ib: 'ib' })) };
const PORT = 'pci/0000:01:00.0/1';

export const port: Command = {
  summary: 'ports of devices',
  examples: ['devlink port', 'devlink -j port show eth0', `devlink port split ${PORT} count 4`, `devlink port function set ${PORT} hw_addr 00:00:00:00:00:01 state active`],
  otherwise: 'show',
  commands: {
    'show|list': show({ summary: 'print ports', line: '[ DEV | DEV/PORT ]', examples: ['devlink port', 'devlink port show pci/0000:01:00.0', 'devlink port show eth0'], section: 'port', message: 'portGet', one: ['port'], some: ['dev'], print: printPort }),
    set: change({ summary: 'set what a port speaks', line: 'DEV/PORT type { eth | ib | auto }', examples: [`devlink port set ${PORT} type eth`], message: 'portSet', on: ['port'], needs: typeWord }),
    split: change({ summary: 'make several of one', line: 'DEV/PORT count COUNT', examples: [`devlink port split ${PORT} count 4`], message: 'portSplit', on: ['port'], needs: { count: to('portSplitCount', u32('COUNT')) } }),
    unsplit: change({ summary: 'make one of several', line: 'DEV/PORT', examples: [`devlink port unsplit ${PORT}`], message: 'portUnsplit', on: ['port'] }),
    param: paramCommands('port'),
    function: {
      summary: 'the functions that ports are the switch\'s side of',
      commands: {
        set: change({
          summary: 'set up a function', line: 'DEV/PORT [ hw_addr ADDR ] [ state { active | inactive } ] [ roce | migratable | ipsec_crypto | ipsec_packet { enable | disable } ] [ max_io_eqs EQS ]',
          examples: [`devlink port function set ${PORT} hw_addr 00:00:00:00:00:01 state active`, `devlink port function set ${PORT} roce disable`], message: 'portSet', on: ['port'], options: functionWords, some: true, check: (_context, _kernel, body) => orderedFunction(body),
        }),
        rate,
      },
    },
    health: healthCommands(true),
    add: change({
      summary: 'make a port, and its function', line: '{ DEV | DEV/PORT } flavour FLAVOUR pfnum PFNUM [ sfnum SFNUM ] [ controller CNUM ]', examples: ['devlink port add pci/0000:01:00.0 flavour pcisf pfnum 0 sfnum 88'], message: 'portNew', on: ['dev', 'port'],
      needs: { flavour: to('portFlavour', choice(flavours)), pfnum: to('portPciPfNumber', u16('PFNUM')) }, options: { sfnum: to('portPciSfNumber', u32('SFNUM')), controller: to('portControllerNumber', u32('CNUM')) },
      told: (context, answers) => { if (answers.length > 0) printed(context, 'port', answers.map(({ body }) => body as Devlink), printPort); },
    }),
    del: change({ summary: 'take such a port away', line: 'DEV/PORT', examples: ['devlink port del pci/0000:01:00.0/32768'], message: 'portDel', on: ['port'] }),
  },
};
