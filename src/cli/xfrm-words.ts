/** Words of `ip xfrm` for what the schemas of IPsec call by the kernel's names. Numbers are what has no name there. */
type Words = Readonly<Record<string, string | number>>;

export const protocols = { esp: 'esp', ah: 'ah', comp: 'comp', route2: 'routing', hao: 'dstopts', 'ipsec-any': 0xff } as const satisfies Words;
export const modes = { transport: 'transport', tunnel: 'tunnel', ro: 'routeoptimization', in_trigger: 'inTrigger', beet: 'beet', iptfs: 'iptfs' } as const satisfies Words;
export const stateFlags = { noecn: 'noecn', 'decap-dscp': 'decapDscp', nopmtudisc: 'nopmtudisc', wildrecv: 'wildrecv', icmp: 'icmp', 'af-unspec': 'afUnspec', align4: 'align4', esn: 'esn' } as const satisfies Words;
export const extraFlags = { 'dont-encap-dscp': 'dontEncapDscp', 'oseq-may-wrap': 'oseqMayWrap' } as const satisfies Words;
export const policyFlags = { localok: 'localok', icmp: 'icmp' } as const satisfies Words;
export const encapTypes = { espinudp: 'espinudp', 'espinudp-nonike': 'espinudpNonIke', espintcp: 'espintcp' } as const satisfies Words;
/** Keys of a state by what an algorithm does. */
export const algorithms = { auth: 'auth', 'auth-trunc': 'authTrunc', aead: 'aead', enc: 'enc', comp: 'comp' } as const satisfies Words;

/** The word for a schema's name; the name itself, or the number, where there is none. */
export const wordFor = (words: Words, name: unknown): string => Object.entries(words).find(([, one]) => one === name)?.[0] ?? String(name);
