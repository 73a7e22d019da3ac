/** `firewall`: what the container sends and is answered passes the host's own rules. Called in a chain, after the plugin that made the interface. */
import { failure, misconfigured } from '../error.ts';
import { readFields, text, type Values } from '../fields.ts';
import type { CniRule, Firewall } from '../firewall.ts';
import { ADMITTED } from '../iptables.ts';
import type { Plugin } from '../plugin.ts';
import type { CniRequest } from '../request.ts';
import type { Result } from '../result.ts';
import { Undo } from '../side.ts';

const fields = { backend: text(''), iptablesAdminChainName: text(''), ingressPolicy: text('') };
const ADMIN_CHAIN = 'CNI-ADMIN';
/** Nothing said: whichever there is. */
const BACKENDS = ['', 'iptables'], OPEN = ['', 'open'], SAME_BRIDGE = 'same-bridge';

/** @throws {CniError} */
function readFirewall(request: CniRequest): Values<typeof fields> {
  const config = readFields(fields, request.config);
  if (!BACKENDS.includes(config.backend)) throw misconfigured(`there is no backend ${JSON.stringify(config.backend)}: iptables`);
  if (!OPEN.includes(config.ingressPolicy) && config.ingressPolicy !== SAME_BRIDGE) throw misconfigured(`unknown ingress policy: ${JSON.stringify(config.ingressPolicy)}`);
  return config;
}
/** @throws {CniError} when nobody made an interface before */
function formerOf({ prevResult }: CniRequest): Result {
  if (!prevResult) throw misconfigured('missing prevResult from earlier plugin');
  return prevResult;
}
const addressesOf = ({ ips = [] }: Result): string[] => ips.map(({ address }) => address.split('/')[0] as string);

/** Between bridges that are kept apart nothing is forwarded. Pure. */
export const isolationRules = (bridge: string): CniRule[] => [
  { chain: 'isolation', when: [{ on: 'oifname', link: bridge }], verdict: 'drop' },
  { chain: 'forward', when: [{ on: 'iifname', link: bridge }, { on: 'oifname', link: bridge, not: true }], verdict: { jump: 'isolation' } },
];

function add(request: CniRequest, rules: Firewall): Result {
  const { iptablesAdminChainName, ingressPolicy } = readFirewall(request), former = formerOf(request), addresses = addressesOf(former);
  return Undo.around((undo) => {
    if (addresses.length > 0) rules.admit(request, ADMITTED, addresses, iptablesAdminChainName || ADMIN_CHAIN, undo);
    if (ingressPolicy === SAME_BRIDGE) {
      const bridge = former.interfaces?.[0]?.name;
      if (!bridge) throw failure(`interface needs to be set for ingress policy "${SAME_BRIDGE}", make sure to chain "firewall" plugin with "bridge"`);
      rules.add(request, ADMITTED, isolationRules(bridge), undo);
    }
    return former;
  });
}

export const firewall: Plugin = {
  add,
  del: (request, rules) => rules.drop(request, ADMITTED),
  check(request, rules) {
    readFirewall(request);
    rules.checkAdmitted(request, ADMITTED, addressesOf(formerOf(request)));
  },
  gc: (request, rules) => rules.sweep(request, ADMITTED),
};
