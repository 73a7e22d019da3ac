/** `tc`: traffic control. */
import type { Command } from '../grammar.ts';

export const tc: Command = {
  summary: 'traffic control: queueing disciplines, classes, filters, actions',
  examples: ['tc qdisc show dev eth0', 'tc qdisc replace dev eth0 root fq_codel', 'tc qdisc add dev eth0 root netem delay 100ms loss 1%', 'tc -s class show dev eth0', 'tc filter add dev eth0 ingress protocol ip flower dst_ip 192.0.2.0/24 action drop'],
  usage: '[ OPTIONS ] OBJECT { COMMAND | help }',
  absent: { 'programs of BPF that others loaded are not handed on': ['exec'] },
  commands: {
    qdisc: async () => (await import('./qdisc.ts')).qdisc,
    class: async () => (await import('./class.ts')).tcClass,
    filter: async () => (await import('./filter.ts')).filter,
    chain: async () => (await import('./chain.ts')).chain,
    'actions|action': async () => (await import('./actions.ts')).actions,
    monitor: async () => (await import('./monitor.ts')).monitor,
  },
};
