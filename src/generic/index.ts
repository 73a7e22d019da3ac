/** Generic netlink by family: the kernel is asked for a family's number, and a client speaks it. */
export { open, openSync, type FamilyClient, type FamilyOptions } from './family.ts';
