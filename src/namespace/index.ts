/** Network namespaces: create, remove, list, enter, and run commands in. Interoperable with `ip netns`. */
export { NAMESPACES, enter, namespacePath, openNamespace, type NamespaceRef } from '../socket/netns.ts';
export { attach, create, identify, list, namesOf, remove, type Identity } from './named.ts';
export { exec, execSync, pids } from './processes.ts';
