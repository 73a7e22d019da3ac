/** `dpctl`: Open vSwitch's datapaths in the kernel, with the words of ovs-dpctl. */
import { readFileSync } from 'node:fs';
import { OVS_ZONE_LIMIT_DEFAULT_ZONE, type OvsFlow } from '../../families/generic/openvswitch/index.ts';
import { ovsPlans, type OvsDatapathInfo, type OvsFlowRef, type OvsPlan } from '../../generic/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { carry } from '../generic.ts';
import { act, parse, type Command, type Grammar } from '../grammar.ts';
import { wholeOptions } from '../options.ts';
import { toJson } from '../print/json.ts';
import { word } from '../values.ts';
import type { Words } from '../words.ts';
import { readActions } from './actions.ts';
import { readFlow, readUfid } from './flow.ts';
import { addPorts, checkPort, deletePorts, readPort } from './ports.ts';
import { cacheText, datapathFacts, datapathText, flowFacts, flowText, statsText } from './print.ts';
import { datapath, nameOf, onlyDatapath, reading, styleOf } from './speak.ts';
import { assignments, numberOf } from './text.ts';

/** The tool's options stand behind the command, too. */
const optionRows: Grammar = Object.fromEntries(Object.entries(wholeOptions['dpctl'] ?? {}).filter(([, row]) => !row.value).map(([key, row]) => [key, act((_draft, _value, { options }) => row.set(options, ''), undefined, { repeat: true, help: row.help })]));
const place = (name: string): Grammar => ({ ...optionRows, '': act((draft, value) => { (draft['words'] as string[]).push(String(value)); }, { ...word(name, (text) => text), fits: /^[^-]/ }, { repeat: true }) });

/** A command of words alone. @param least and most: how many words it takes beside the datapath */
function command(summary: string, line: string, examples: readonly string[], [least, most]: readonly [number, number], run: (context: Context, words: readonly string[]) => Promise<number | void>): Command {
  const options = place(line.split(' ')[0] ?? 'WORD');
  return {
    summary, usage: line, examples, options, unlogged: true,
    async run(context, words: Words) {
      const { words: given } = parse(options, words, { words: [] }, context) as unknown as { words: string[] };
      if (given.length < least) throw usage('the command line is not complete', line);
      if (given.length > most) throw usage(`"${given[most]}" is one word too many`, line);
      return run(context, given);
    },
  };
}
/** The datapath that a line names, where it has more words than those that it needs; else the one that is there. */
async function chosen(context: Context, words: readonly string[], needed: number): Promise<{ dp: OvsDatapathInfo; rest: readonly string[] }> {
  return words.length > needed ? { dp: await datapath(context, words[0] as string), rest: words.slice(1) } : { dp: await onlyDatapath(context), rest: words };
}
const json = (context: Context, value: unknown): void => { if (!context.options.dryRun) context.out.write(`${toJson(value, context.options.pretty)}\n`); };

/** A refusal that the line can be blamed for. */
async function blaming<T>(reasons: Readonly<Record<string, string>>, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const reason = reasons[(error as { code?: string }).code ?? ''];
    throw reason === undefined ? error : usage(reason);
  }
}

// -- flows --------------------------------------------------------------------------------------------------

const names = ({ options }: Context): boolean => options.portNames ?? options.details > 0;
async function printFlows(context: Context, dp: OvsDatapathInfo, flows: readonly OvsFlow[], list: boolean): Promise<void> {
  if (context.options.dryRun) return;
  const named = names(context), style = styleOf(named ? await carry(context, ovsPlans.ports(dp.dpIfindex)) : [], named, context.options.details > 0);
  if (context.options.json) return json(context, list ? flows.map((flow) => flowFacts(flow, style)) : flowFacts(flows[0] ?? {}, style));
  for (const flow of flows) context.out.write(`${flowText(flow, style)}\n`);
}
const printStats = (context: Context, flow: OvsFlow | undefined): void => { if (context.options.statistics > 0 && flow) context.out.write(`${statsText(flow)}\n`); };

type Change = 'add' | 'modify' | 'delete';
const there = 'such a flow is there already', absent = 'there is no such flow';
async function changeFlow(context: Context, dp: OvsDatapathInfo, how: Change, text: string, actions: string | undefined): Promise<void> {
  const flow: OvsFlow = await reading(context, dp, (style) => ({ ...readFlow(text, style), ...(actions !== undefined && { actions: readActions(actions, style) }) }));
  const { mayCreate, clear } = context.options, { dpIfindex } = dp;
  const plan = (): OvsPlan<OvsFlow | undefined | void> => {
    if (how === 'delete') return ovsPlans.deleteFlow(dpIfindex, flow);
    if (!flow.key) throw usage(`"${text}" does not say which packets`, 'in_port(1),eth(),eth_type(0x0800),ipv4()');
    if (how === 'add') return ovsPlans.addFlow(dpIfindex, { ...flow, key: flow.key });
    return ovsPlans.setFlow(dpIfindex, { ...flow, ...(clear && { clear: true as const }) }, mayCreate);
  };
  const before = await blaming({ EEXIST: there, ENOENT: absent }, () => carry(context, plan()));
  if (how !== 'add') printStats(context, before as OvsFlow | undefined);
}

/** `[add|modify|delete] FLOW [ACTIONS]`, a line each. */
function fromFile(how: Change, summary: string): Command {
  const name = { add: 'add', modify: 'mod', delete: 'del' }[how];
  return command(summary, '[ DP ] FILE', [`dpctl ${name}-flows dp0 FILE`], how === 'delete' ? [0, 2] : [1, 2], async (context, words) => {
    if (how === 'delete' && words.length < 2) {
      const { dp } = await chosen(context, words, 0);
      return carry(context, ovsPlans.flushFlows(dp.dpIfindex));
    }
    const { dp, rest: [file = ''] } = await chosen(context, words, 1);
    const lines = readFileSync(file === '-' ? 0 : file, 'utf8').split('\n');
    for (const [i, line] of lines.entries()) {
      const text = line.trim(), [, said, rest = ''] = /^(?:(add|modify|delete)\s+)?(.*)$/.exec(text) ?? [], does = (said as Change | undefined) ?? how;
      if (rest === '' || rest.startsWith('#')) continue;
      const [flow, actions, more] = rest.split(/\s+/);
      try {
        if (more !== undefined || (does !== 'delete') !== (actions !== undefined)) throw usage(`"${rest}" is not a flow${does === 'delete' ? '' : ' and its actions'}`);
        await changeFlow(context, dp, does, flow as string, actions);
      } catch (error) {
        throw Object.assign(error as Error, { message: `line ${i + 1}: ${(error as Error).message}` });
      }
    }
  });
}

// -- limits -------------------------------------------------------------------------------------------------

const zone = (text: string): number => Number(numberOf(text, 0xffff));
/** `zone=5,9` */
function zones(text: string): number[] {
  const [, list] = /^zone=(.+)$/.exec(text) ?? [];
  if (list === undefined) throw usage(`"${text}" names no zones`, 'zone=5,9');
  return list.split(',').map(zone);
}
function limits(items: readonly string[]): Map<number, number> {
  const out = new Map<number, number>();
  for (const item of items) {
    let own: number | undefined, limit: number | undefined;
    assignments(item, 'a limit', ['default', 'zone', 'limit'], (name, text = '') => {
      if (name === 'zone') own = zone(text);
      else limit = Number(numberOf(text, 0xffffffff));
      if (name === 'default') own = OVS_ZONE_LIMIT_DEFAULT_ZONE;
    });
    if (own === undefined || limit === undefined) throw usage(`"${item}" is not a limit`, 'default=100, or zone=5,limit=10');
    out.set(own, limit);
  }
  return out;
}

const FLOW = "'in_port(1),eth(),eth_type(0x0800),ipv4(src=10.0.0.1)'", MANY = Infinity;
/** Words of ovs-dpctl that others here have. */
const elsewhere = { 'connections are told by nlkit conntrack': ['dump-conntrack', 'flush-conntrack', 'ct-stats-show', 'ct-bkts', 'ct-get-nconns'], 'ovs-vswitchd has it, the kernel does not': ['ipf-get-status', 'ipf-set-enabled', 'ipf-set-disabled', 'ipf-set-min-frag', 'ipf-set-max-nfrags', 'ct-set-maxconns', 'ct-get-maxconns', 'ct-enable-tcp-seq-chk', 'ct-disable-tcp-seq-chk', 'ct-get-tcp-seq-chk'] };

export const dpctl: Command = {
  summary: "Open vSwitch's datapaths in the kernel: ports and flows",
  examples: ['dpctl show', 'dpctl add-dp dp0', 'dpctl add-if dp0 eth0 vx0,type=vxlan', `dpctl add-flow dp0 ${FLOW} 2`, 'dpctl -m dump-flows dp0'],
  usage: '[ -m ] [ -s ] [ --names | --no-names ] { show | dump-dps | add-dp | del-dp | add-if | set-if | del-if | dump-flows | add-flow | mod-flow | get-flow | del-flow | add-flows | mod-flows | del-flows | ... } ...',
  absent: elsewhere,
  commands: {
    show: command('print datapaths and their ports', '[ DP... ]', ['dpctl show', 'dpctl -s show dp0'], [0, MANY], async (context, words) => {
      const all = words.length > 0 ? await Promise.all(words.map((name) => datapath(context, name))) : await carry(context, ovsPlans.datapaths()), facts: object[] = [];
      for (const dp of all) {
        const ports = await carry(context, ovsPlans.ports(dp.dpIfindex)), sorted = [...ports].sort((a, b) => (a.portNo ?? 0) - (b.portNo ?? 0));
        if (context.options.dryRun) continue;
        if (context.options.json) facts.push(datapathFacts(context, dp, sorted));
        else context.out.write(datapathText(context, dp, sorted));
      }
      if (context.options.json) json(context, facts);
    }),
    'dump-dps': command('print the names of datapaths', '', ['dpctl dump-dps'], [0, 0], async (context) => {
      const all = await carry(context, ovsPlans.datapaths());
      if (context.options.json) json(context, all.map(({ name }) => name));
      else for (const { name } of all) context.out.write(`system@${name}\n`);
    }),
    'add-dp': command('make a datapath, with ports', 'DP [ PORT[,OPTION...] ]...', ['dpctl add-dp dp0', 'dpctl add-dp dp0 eth0 i0,type=internal,port_no=9'], [1, MANY], async (context, [dp = '', ...rest]) => {
      const name = nameOf(dp), ports = rest.map(readPort);
      await carry(context, ovsPlans.addDatapath(name));
      if (ports.length === 0) return;
      try {
        await addPorts(context, await datapath(context, name), ports);
      } catch (error) {
        await carry(context, ovsPlans.deleteDatapath(name));
        throw error;
      }
    }),
    'del-dp': command('delete a datapath with its ports and flows', 'DP', ['dpctl del-dp dp0'], [1, 1], async (context, [dp = '']) => carry(context, ovsPlans.deleteDatapath((await datapath(context, dp)).name ?? nameOf(dp)))),
    'add-if': command('make links ports of a datapath', 'DP PORT[,OPTION...]...', ['dpctl add-if dp0 eth0', 'dpctl add-if dp0 i0,type=internal', 'dpctl add-if dp0 vx0,type=vxlan,dst_port=4790'], [2, MANY], async (context, [dp = '', ...rest]) => {
      const ports = rest.map(readPort);
      await addPorts(context, await datapath(context, dp), ports);
    }),
    'set-if': command('check that ports are as they are said to be', 'DP PORT[,OPTION...]...', ['dpctl set-if dp0 eth0,port_no=1'], [2, MANY], async (context, [dp = '', ...rest]) => {
      const own = await datapath(context, dp);
      for (const text of rest) await checkPort(context, own, text);
    }),
    'del-if': command('take ports out of a datapath', 'DP PORT...', ['dpctl del-if dp0 eth0'], [2, MANY], async (context, [dp = '', ...rest]) => deletePorts(context, await datapath(context, dp), rest)),
    'dump-flows': command('print flows', '[ DP ]', ['dpctl dump-flows dp0', 'dpctl -m dump-flows dp0', 'dpctl -j dump-flows dp0'], [0, 2], async (context, words) => {
      const own = words.filter((text) => !/^(type|pmd)=/.test(text)), filter = own.find((text) => text.startsWith('filter='));
      if (filter !== undefined) throw usage('flows are not filtered here', 'nlkit dpctl dump-flows | grep');
      const { dp } = await chosen(context, own, 0);
      await printFlows(context, dp, await carry(context, ovsPlans.flows(dp.dpIfindex)), true);
    }),
    'add-flow': command('make a flow', '[ DP ] FLOW ACTIONS', [`dpctl add-flow dp0 ${FLOW} 2`, `dpctl add-flow dp0 ${FLOW} 'push_vlan(vid=5,pcp=0),2'`, `dpctl add-flow dp0 ${FLOW} drop`], [2, 3], async (context, words) => {
      const { dp, rest: [flow = '', actions] } = await chosen(context, words, 2);
      await changeFlow(context, dp, 'add', flow, actions);
    }),
    'mod-flow': command('change a flow\'s actions', '[ DP ] FLOW ACTIONS', [`dpctl mod-flow dp0 ${FLOW} 3`, `dpctl --may-create mod-flow dp0 ${FLOW} 3`], [2, 3], async (context, words) => {
      const { dp, rest: [flow = '', actions] } = await chosen(context, words, 2);
      await changeFlow(context, dp, 'modify', flow, actions);
    }),
    'get-flow': command('print a flow by its name', '[ DP ] ufid:UFID', ['dpctl get-flow dp0 ufid:00112233-4455-6677-8899-aabbccddeeff'], [1, 2], async (context, words) => {
      const { dp, rest: [text = ''] } = await chosen(context, words, 1), which: OvsFlowRef = { ufid: readUfid(text) };
      await printFlows(context, dp, [await blaming({ ENOENT: absent }, () => carry(context, ovsPlans.flow(dp.dpIfindex, which)))], false);
    }),
    'del-flow': command('delete a flow', '[ DP ] FLOW', [`dpctl del-flow dp0 ${FLOW}`, 'dpctl del-flow dp0 ufid:00112233-4455-6677-8899-aabbccddeeff'], [1, 2], async (context, words) => {
      const { dp, rest: [flow = ''] } = await chosen(context, words, 1);
      await changeFlow(context, dp, 'delete', flow, undefined);
    }),
    'add-flows': fromFile('add', 'make flows from a file'),
    'mod-flows': fromFile('modify', 'change flows from a file'),
    'del-flows': fromFile('delete', 'delete all flows, or those in a file'),
    'cache-get-size': command('print how many masks are remembered', '[ DP ]', ['dpctl cache-get-size dp0'], [0, 1], async (context, words) => {
      const { dp } = await chosen(context, words, 0);
      if (context.options.json) json(context, { masksCacheSize: dp.masksCacheSize });
      else if (!context.options.dryRun) context.out.write(`system@${dp.name}:\n${cacheText(dp)}`);
    }),
    'cache-set-size': command('change how many masks are remembered', 'DP masks-cache SIZE', ['dpctl cache-set-size dp0 masks-cache 512'], [3, 3], async (context, [dp = '', cache = '', size = '']) => {
      if (cache !== 'masks-cache') throw usage(`"${cache}" is not a cache`, 'masks-cache');
      const masksCacheSize = Number(numberOf(size, 0xffffffff));
      await carry(context, ovsPlans.setDatapath((await datapath(context, dp)).name ?? nameOf(dp), { masksCacheSize }));
      if (!context.options.dryRun) context.out.write(`Setting cache size successful, new size ${masksCacheSize}\n`);
    }),
    'ct-get-limits': command('print how many connections zones may have', '[ DP ] [ zone=ZONE[,ZONE]... ]', ['dpctl ct-get-limits dp0', 'dpctl ct-get-limits dp0 zone=5,9'], [0, 2], async (context, words) => {
      const asked = words.filter((text) => text.startsWith('zone=')), { dp } = await chosen(context, words.filter((text) => !text.startsWith('zone=')), 0);
      const all = await carry(context, ovsPlans.ctLimits(dp.dpIfindex, asked.flatMap(zones)));
      if (context.options.json) return json(context, all.map(({ zoneId, limit, count }) => ({ zone: zoneId === OVS_ZONE_LIMIT_DEFAULT_ZONE ? 'default' : zoneId, limit, ...(zoneId !== OVS_ZONE_LIMIT_DEFAULT_ZONE && { count }) })));
      for (const { zoneId, limit, count } of all) context.out.write(zoneId === OVS_ZONE_LIMIT_DEFAULT_ZONE ? `default limit=${limit}\n` : `zone=${zoneId},limit=${limit},count=${count}\n`);
    }),
    'ct-set-limits': command('change how many connections zones may have', '[ DP ] [ default=LIMIT ] [ zone=ZONE,limit=LIMIT ]...', ['dpctl ct-set-limits dp0 default=1000', 'dpctl ct-set-limits dp0 zone=5,limit=10'], [1, MANY], async (context, words) => {
      const wanted = limits(words.filter((text) => text.includes('='))), { dp } = await chosen(context, words.filter((text) => !text.includes('=')), 0);
      await carry(context, ovsPlans.setCtLimits(dp.dpIfindex, wanted));
    }),
    'ct-del-limits': command('let zones have as many connections as all others', '[ DP ] zone=ZONE[,ZONE]...', ['dpctl ct-del-limits dp0 zone=5'], [1, 2], async (context, words) => {
      const { dp, rest: [text = ''] } = await chosen(context, words, 1);
      await carry(context, ovsPlans.deleteCtLimits(dp.dpIfindex, zones(text)));
    }),
  },
};
