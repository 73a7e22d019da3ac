/** What filters of several kinds have in common. Source: include/uapi/linux/pkt_cls.h. */
import { flags, u32 } from '../../../../codec/index.ts';

/** Where a filter works: told `skipHw` or `skipSw`, the kernel says whether hardware took it. */
export const clsFlags = flags(u32, { skipHw: 1, skipSw: 2, inHw: 4, notInHw: 8, verbose: 16 }, 'TCA_CLS_FLAGS_');
