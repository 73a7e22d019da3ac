/** B.A.T.M.A.N. advanced mesh. Source: net/batman-adv/mesh-interface.c. */
import { attrs, string } from '../../../codec/index.ts';

export class Batadv extends attrs('IFLA_BATADV_', {
  /** Routing algorithm, "BATMAN_IV" or "BATMAN_V". */
  algoName: [1, string],
}) {}
