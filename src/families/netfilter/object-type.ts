/** NFT_OBJECT_*: the types of named objects. Source: include/uapi/linux/netfilter/nf_tables.h. */
import { be32, enumeration } from '../../codec/index.ts';

export const objectType = enumeration(be32, {
  unspec: 0, counter: 1, quota: 2, ctHelper: 3, limit: 4, connlimit: 5, tunnel: 6, ctTimeout: 7, secmark: 8, ctExpect: 9, synproxy: 10,
}, 'NFT_OBJECT_');
