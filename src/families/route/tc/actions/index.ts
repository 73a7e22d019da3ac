/** The kinds of action: name in TCA_ACT_KIND -> schema of its options. One more kind is one more file here, one import and one line; both lists are alphabetical. */
import { ActBpf } from './bpf.ts';
import { Connmark } from './connmark.ts';
import { Csum } from './csum.ts';
import { Ct } from './ct.ts';
import { Ctinfo } from './ctinfo.ts';
import { Gact } from './gact.ts';
import { Gate } from './gate.ts';
import { Ife } from './ife.ts';
import { Mirred } from './mirred.ts';
import { ActMpls } from './mpls.ts';
import { Nat } from './nat.ts';
import { Pedit } from './pedit.ts';
import { Police } from './police.ts';
import { Sample } from './sample.ts';
import { Simple } from './simple.ts';
import { Skbedit } from './skbedit.ts';
import { Skbmod } from './skbmod.ts';
import { TunnelKey } from './tunnel-key.ts';
import { ActVlan } from './vlan.ts';

/** Options of an action, by its kind. */
export const actions = {
  bpf: ActBpf,
  connmark: Connmark,
  csum: Csum,
  ct: Ct,
  ctinfo: Ctinfo,
  gact: Gact,
  gate: Gate,
  ife: Ife,
  mirred: Mirred,
  mpls: ActMpls,
  nat: Nat,
  pedit: Pedit,
  police: Police,
  sample: Sample,
  simple: Simple,
  skbedit: Skbedit,
  skbmod: Skbmod,
  tunnel_key: TunnelKey,
  vlan: ActVlan,
};
