/** `ip xfrm`: IPsec. */
import type { Command } from '../../grammar.ts';

export const xfrm: Command = {
  summary: 'IPsec: states, policies, what happens to them',
  examples: ['ip xfrm state', 'ip xfrm policy', 'ip -j xfrm monitor acquire expire'],
  commands: {
    'state|sa': async () => (await import('./state.ts')).state,
    policy: async () => (await import('./policy.ts')).policy,
    monitor: async () => (await import('./monitor.ts')).monitor,
  },
};
