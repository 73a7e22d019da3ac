/** Everything that can go wrong between here and the kernel, as one class with a `code`. */
import { EACCES, EPERM, errnoName, errnoText } from './errno.ts';
import { hintFor } from './hints.ts';

/** What the kernel says beyond an error number (`NLMSGERR_ATTR_*`, `linux/netlink.h`). */
export interface ExtendedAck {
  /** The kernel's own words. */
  message?: string;
  /** Where in the request the refused attribute starts, in bytes from the start of its netlink header. */
  offset?: number;
  /** The refused attribute: `linkinfo.data.peer.ifname`. */
  path?: string;
  /** The refused attribute's value, as the request gave it. */
  value?: unknown;
  /** What the kernel would accept: type, range, lengths, mask. */
  policy?: object;
  /** The number of an attribute that is missing, and where its nest starts in the request (absent: at the top). */
  missing?: { type: number; nest?: number; path?: string };
  cookie?: Uint8Array;
}

/** The codes of the failures that are not an error number of the kernel's. */
export type NetlinkCode =
  | 'ERR_NETLINK_NO_TRANSPORT'
  | 'ERR_NETLINK_TRUNCATED'
  | 'ERR_NETLINK_OVERRUN'
  | 'ERR_NETLINK_DUMP_INTERRUPTED'
  | 'ERR_NETLINK_TIMEOUT'
  | 'ERR_NETLINK_POISONED'
  | 'ERR_NETLINK_CLOSED';

/** What a NetlinkError is made of; its properties say what each is. */
export interface NetlinkErrorDetails {
  code: string;
  message: string;
  errno?: number;
  syscall?: string;
  extack?: ExtendedAck;
  request?: Uint8Array;
  echoed?: Uint8Array;
  capability?: string;
  partial?: readonly unknown[];
  cause?: unknown;
  hint?: string;
}

/** Frames of this library between the caller and an error: the engine would keep ten in all. */
const OWN_FRAMES = 16;
/** What is captured next is so deep that callers are in it. @returns what to restore. (Reflect.set: where intrinsics are frozen it stays as it is.) */
function deepen(): number {
  const most = Error.stackTraceLimit;
  // 0: somebody wants none.
  if (most > 0) Reflect.set(Error, 'stackTraceLimit', most + OWN_FRAMES);
  return most;
}
const restore = (most: number): void => { Reflect.set(Error, 'stackTraceLimit', most); };
/** The same error, as of its caller: it was made where the answer was read, which is of no interest. */
export function fromHere<E extends Error>(error: E): E {
  const most = deepen();
  Error.captureStackTrace?.(error, fromHere);
  restore(most);
  return error;
}

/**
 * The kernel refused, or could not be reached.
 *
 * `code` is the error number's name (`'EEXIST'`) or one of {@link NetlinkCode}.
 */
export class NetlinkError extends Error {
  readonly code: string;
  /** Negative, as Node has it: `-17`. Absent when the kernel gave no number. */
  declare readonly errno?: number;
  /** The request's message type (`'RTM_NEWLINK'`) or the system call (`'setns'`). */
  declare readonly syscall?: string;
  declare readonly extack?: ExtendedAck;
  /** The message that was refused: its bytes from the netlink header on. */
  declare readonly request?: Uint8Array;
  /** What follows its header, as the kernel sent it back: where it says in there what it refuses (ipset: the line). */
  declare readonly echoed?: Uint8Array;
  /** With `EPERM`: what the process lacks (`'CAP_NET_ADMIN'`). Absent where it has it: then something else forbids it. */
  declare readonly capability?: string;
  /** With `ERR_NETLINK_DUMP_INTERRUPTED`: what the last attempt brought. */
  declare readonly partial?: readonly unknown[];
  /** What to do about it, for the errors that puzzle people. */
  declare readonly hint?: string;

  constructor(details: NetlinkErrorDetails) {
    const { code, message, cause, ...rest } = details;
    const most = deepen();
    super(message, cause === undefined ? undefined : { cause });
    restore(most);
    this.code = code;
    Object.assign(this, rest);
  }

  static {
    // Not a property of each error: printing one would show it.
    Object.defineProperty(this.prototype, 'name', { value: 'NetlinkError', configurable: true, writable: true });
  }
}

/** A failure that is not an error number of the kernel's. */
export const netlinkError = (code: NetlinkCode, message: string, details: Omit<NetlinkErrorDetails, 'code' | 'message'> = {}): NetlinkError => new NetlinkError({ code, message, ...details });

const describe = (errno: number, syscall: string, detail?: string): string =>
  [`${syscall}: ${errnoName(errno)}`, errnoText(errno), detail].filter(Boolean).join(': ');

const capabilityMeaning: Record<string, string> = {
  CAP_NET_ADMIN: 'needs CAP_NET_ADMIN in the user namespace that owns the network namespace',
  CAP_SYS_ADMIN: 'needs CAP_SYS_ADMIN (root, or "unshare -Urnm")',
  CAP_BPF: 'needs CAP_BPF and CAP_NET_ADMIN in the first user namespace (root of the machine)',
};

/** A system call failed. `capability` is what it needs; it is named when that is what lacks. */
export function systemError(errno: number, syscall: string, detail?: string, capability?: string): NetlinkError {
  const lacks = (errno === EPERM || errno === EACCES) && capability;
  const words = [detail, lacks ? capabilityMeaning[lacks] : undefined].filter(Boolean).join(': ');
  return new NetlinkError({ code: errnoName(errno), message: describe(errno, syscall, words), errno: -errno, syscall, ...(lacks ? { capability: lacks } : {}) });
}

const otherwise = {
  machine: 'this process has CAP_NET_ADMIN: something else forbids it',
  namespace: 'this process has CAP_NET_ADMIN for its network namespace: something else forbids it, or the kernel wants it in the first user namespace (root of the machine)',
};

/** What is known of a request that the kernel refused. */
export interface Refused {
  /** Of its link, where it has one. */
  kind?: string | undefined;
  /** Whether it was to make something. */
  creates?: boolean;
  /** Of EPERM: where this thread's CAP_NET_ADMIN counts. */
  admin?: 'machine' | 'namespace' | undefined;
}

/** The kernel answered a request with an error. */
export function refusal(errno: number, syscall: string, request: Uint8Array, extack?: ExtendedAck, { kind, creates, admin }: Refused = {}): NetlinkError {
  const at = extack?.path === undefined ? undefined : `at ${extack.path}${extack.value === undefined ? '' : ` = ${show(extack.value)}`}`;
  const missing = extack?.missing && `missing ${extack.missing.path ?? `attribute ${extack.missing.type}`}`;
  const capability = errno === EPERM && !admin ? 'CAP_NET_ADMIN' : undefined;
  const known = hintFor(errno, syscall, extack, kind, creates), hint = capability ? known : known?.replace(/^or /, '');
  const cause = capability ? capabilityMeaning[capability] : errno === EPERM && !hint && !extack?.message ? otherwise[admin!] : undefined;
  const words = [extack?.message, at, missing, cause, hint && `(${hint})`].filter(Boolean).join(': ');
  return new NetlinkError({
    code: errnoName(errno), message: describe(errno, syscall, words), errno: -errno, syscall, request, ...(extack ? { extack } : {}), ...(capability ? { capability } : {}), ...(hint ? { hint } : {}),
  });
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
