/** Handles of traffic control: 'MAJOR:MINOR', two hexadecimal numbers of sixteen bits, or a place that has a name. Numbers: include/uapi/linux/pkt_sched.h. */

/** 'MAJOR:MINOR' ('1:' is 1:0), the name of a place, or the number itself. */
export type Handle = string | number;

/** Places to hang something on. `ingress` and `egress` are those of a qdisc of kind clsact. */
export const places = { root: 0xffffffff, none: 0, ingress: 0xfffffff2, egress: 0xfffffff3, clsact: 0xfffffff1 } as const;

/** The number of a handle. @throws {TypeError} where it is none */
export function handleNumber(handle: Handle): number {
  if (typeof handle === 'number') return handle;
  const named = (places as Readonly<Record<string, number>>)[handle];
  if (named !== undefined) return named;
  const [, major = '', minor = ''] = /^([0-9a-f]{0,4}):([0-9a-f]{0,4})$/i.exec(handle) ?? [];
  if (major === '' && minor === '') throw new TypeError(`'${handle}' is not a handle: 'MAJOR:MINOR' in hexadecimal, or one of ${Object.keys(places).join(', ')}`);
  return ((Number.parseInt(major || '0', 16) << 16) | Number.parseInt(minor || '0', 16)) >>> 0;
}
