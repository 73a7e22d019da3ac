/** The kinds of filter: name in TCA_KIND -> schema of its options. One more kind is one more file here, one import and one line; both lists are alphabetical. */
import { Basic } from './basic.ts';
import { Bpf } from './bpf.ts';
import { Cgroup } from './cgroup.ts';
import { Flow } from './flow.ts';
import { Flower } from './flower.ts';
import { Fw } from './fw.ts';
import { Matchall } from './matchall.ts';
import { Route4 } from './route.ts';
import { U32 } from './u32.ts';

/** Options of a filter, by its kind. */
export const filters = {
  basic: Basic,
  bpf: Bpf,
  cgroup: Cgroup,
  flow: Flow,
  flower: Flower,
  fw: Fw,
  matchall: Matchall,
  route: Route4,
  u32: U32,
};
