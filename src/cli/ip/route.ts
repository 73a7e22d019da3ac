/** `ip route`: add, change, replace, append, delete and their messages. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { parse, type Command, type Draft } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { familyOf, type Prefix } from '../values.ts';
import type { Words } from '../words.ts';
import { echo } from './echo.ts';
import { get } from './route-get.ts';
import { newRoute, routeOptions, type RouteDraft } from './route-options.ts';
import { flush, restoreRoutes, saveRoutes, show, showSavedRoutes } from './route-show.ts';

const table = { main: 254, local: 255 } as const;

/** Types that are about the host itself live in its own table. */
const hostTypes = new Set(['local', 'broadcast', 'nat', 'anycast']);

/** What the kernel is told when the words do not: iproute2's defaults. */
function complete(route: RouteDraft, deleting: boolean): void {
  if (route.table === undefined) route.table = route.type !== undefined && hostTypes.has(route.type) ? table.local : table.main;
  if (deleting) return;
  if (route.scope !== undefined) return;
  if (route.family === 'inet6' || route.family === 'mpls') return;
  if (route.type === 'local' || route.type === 'nat') route.scope = 254;
  else if (route.type === 'broadcast' || route.type === 'multicast' || route.type === 'anycast') route.scope = 253;
  else if (route.type === undefined || route.type === 'unicast') {
    const hasGateway = route.attributes['gateway'] !== undefined || route.attributes['via'] !== undefined;
    if (!hasGateway && route.attributes['nhId'] === undefined && route.hops.length === 0) route.scope = 253;
  }
}

export function routeMessage(context: Context, words: Words, deleting: boolean): Draft {
  const route = newRoute(context);
  parse(routeOptions, words, route as unknown as Draft, context);
  const mpls = route.label !== undefined ? { family: 'mpls', address: '', length: 20 } : undefined;
  if (route.dst === undefined && !mpls) throw usage('which destination?', `ip route ${deleting ? 'del' : 'add'} { PREFIX | default } ...`);
  complete(route, deleting);
  const { hops, attributes, metrics, locked } = route;
  const dst = mpls ?? (route.dst as Prefix);
  const family = route.family ?? 'inet';
  for (const key of ['prefsrc', 'src'] as const) {
    const other = attributes[key];
    if (typeof other === 'string' && !mpls && familyOf(other) !== family) throw usage(`${other} and ${dst.address} are of different families`);
  }
  // Whether a route can be without a way out is the kernel's to say: iproute2 does not guess either.
  const message: Draft = { family, dstLen: dst.length };
  if (route.srcLen !== undefined) message['srcLen'] = route.srcLen;
  if (route.tos !== undefined) message['tos'] = route.tos;
  message['table'] = (route.table ?? 0) < 256 ? (route.table ?? 0) : 0;
  message['protocol'] = route.protocol ?? (deleting ? 0 : 3);
  message['scope'] = route.scope ?? (deleting && family === 'inet' ? 255 : 0);
  message['type'] = route.type ?? (deleting && !mpls ? 'unspec' : 'unicast');
  if (route.nexthopFlags) message['flags'] = route.nexthopFlags;
  if (route.label) message['dst'] = route.label;
  else if (dst.length > 0 || (dst.address !== '0.0.0.0' && dst.address !== '::') || context.options.family !== undefined) message['dst'] = dst.address;
  Object.assign(message, attributes);
  if ((route.table ?? 0) > 255) message['tableId'] = route.table;
  if (Object.keys(metrics).length > 0 || locked.length > 0) message['metrics'] = { ...(locked.length > 0 && { lock: locked }), ...metrics };
  if (hops.length > 0) message['multipath'] = hops;
  return message;
}

function change(summary: string, flags: readonly RequestFlag[], examples: readonly string[]): Command {
  return {
    summary,
    examples,
    usage: '[ TYPE ] { PREFIX | default } [ via ADDRESS ] [ dev DEVICE ] [ OPTIONS ] [ nexthop [ via ADDRESS ] [ dev DEVICE ] [ weight NUMBER ] ] ...',
    options: routeOptions,
    run: (context, words) => echo(context, 'newroute', routeMessage(context, words, false), flags),
  };
}

export const route: Command = {
  summary: 'routing table entries',
  examples: ['ip route', 'ip route add default via 10.0.0.1', 'ip route get 10.1.2.3', 'ip route show table all'],
  otherwise: 'show',
  commands: {
    'show|list|lst': show,
    get,
    add: change('add a route', ['create', 'excl'], ['ip route add 10.7.0.0/16 via 10.0.0.9', 'ip route add default nexthop via 10.0.0.1 weight 2 nexthop via 10.0.0.2', 'ip route add blackhole 10.66.0.0/16']),
    'change|chg': change('change a route', ['replace'], ['ip route change 10.7.0.0/16 via 10.0.0.8']),
    replace: change('add a route, or change it', ['create', 'replace'], ['ip route replace default via 10.0.0.1']),
    prepend: change('add a route before those alike', ['create'], ['ip route prepend 10.7.0.0/16 via 10.0.0.8']),
    append: change('add a route after those alike', ['create', 'append'], ['ip route append 10.7.0.0/16 via 10.0.0.8']),
    'delete|del': {
      summary: 'delete a route',
      examples: ['ip route del 10.7.0.0/16'],
      usage: '[ TYPE ] { PREFIX | default } [ SELECTORS ]',
      options: routeOptions,
      run: (context, words) => {
        context.kernel.change('delroute', routeMessage(context, words, true));
      },
    },
    flush,
    save: saveRoutes,
    restore: restoreRoutes,
    showdump: showSavedRoutes,
  },
};
