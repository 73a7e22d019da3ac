/** The kinds of filter that the command has words for. */
import { basic } from './basic.ts';
import { bpf } from './bpf.ts';
import { cgroup } from './cgroup.ts';
import { flow } from './flow.ts';
import { flower } from './flower.ts';
import { fw } from './fw.ts';
import type { FilterKind } from './kind.ts';
import { matchall } from './matchall.ts';
import { route } from './route.ts';
import { u32 } from './u32.ts';

export const filterKinds: Readonly<Record<string, FilterKind>> = { basic, bpf, cgroup, flow, flower, fw, matchall, route, u32 };
