/** Who is plugged into whom: network namespaces, their links, and what joins these, as data and as pictures. */
import { collect, type CollectOptions } from './collect.ts';
import { build, type BuildOptions, type Topology } from './graph.ts';

export { collect, type CollectOptions } from './collect.ts';
export type { Engines } from './containers.ts';
export type { Container, Facts, NamespaceFacts } from './facts.ts';
export {
  build, type BuildOptions, type DefaultRoute, type EdgeKind, type NamespaceKind, type Topology, type TopologyAddress, type TopologyEdge, type TopologyLink, type TopologyNamespace, type Vlan,
} from './graph.ts';
export { toDot, toMermaid } from './charts.ts';
export { toSvg } from './svg.ts';
export { toTree, type TreeOptions } from './tree.ts';

/** Looks around and works out the graph: `build(await collect())`. @throws {NetlinkError} as `collect` does */
export async function topology(options: CollectOptions & BuildOptions = {}): Promise<Topology> {
  return build(await collect(options), options);
}
