/**
 * The functions of the C library that nlkit calls, declared once for every loader.
 *
 * A letter an argument: `i` int, `u` unsigned 32 bits, `p` a pointer, `z` an unsigned integer as wide as a pointer.
 * All of them return an int: the calls that return `ssize_t` never move 2 GiB, and a 64-bit result would be allocated
 * as a bigint, which can start a garbage collection that overwrites errno before it is read.
 * None is variadic as it is called here (fcntl's, ioctl's and syscall's arguments are passed in registers on every supported
 * machine; ioctl's last one is a number or an address); `syscall` is declared with the arguments of bpf(2), which the C library does not have.
 */
export const signatures = {
  socket: 'iii',
  bind: 'ipu',
  connect: 'ipu',
  getsockname: 'ipp',
  setsockopt: 'iiipu',
  getsockopt: 'iiipp',
  sendmsg: 'ipi',
  recvmsg: 'ipi',
  recvmmsg: 'ipuip',
  poll: 'pzi',
  close: 'i',
  socketpair: 'iiip',
  dup3: 'iii',
  fcntl: 'iii',
  setns: 'ii',
  unshare: 'i',
  mount: 'pppzp',
  umount2: 'pi',
  ioctl: 'izz',
  flock: 'ii',
  syscall: 'zipu',
} as const;

export type FunctionName = keyof typeof signatures;

/** An address in the form that the loader's functions take. It does not keep the memory alive: its owner must. */
export type Pointer = { readonly pointer: unique symbol };
/** An unsigned integer as wide as a pointer, in the form that the loader's functions take. */
export type Size = { readonly size: unique symbol };

type Argument<L> = L extends 'p' ? Pointer : L extends 'z' ? Size : number;
type Arguments<S extends string> = S extends `${infer L}${infer R}` ? [Argument<L>, ...Arguments<R>] : [];
export type Functions = { readonly [K in FunctionName]: (...args: Arguments<(typeof signatures)[K]>) => number };

/** The C library, as one loader reaches it. */
export interface Libc extends Functions {
  /** Which loader: `'koffi'`, `'node:ffi'`, `'bun:ffi'` or `'Deno.dlopen'`. */
  readonly loader: string;
  /** The calling thread's errno. Read it at once after the failed call: anything in between may overwrite it. */
  errno(): number;
  /** The address of the view's first byte. The view's buffer must be an ArrayBuffer of its own, never resized. */
  address(view: Uint8Array): bigint;
  pointer(view: Uint8Array): Pointer;
  size(value: number): Size;
  readonly nullPointer: Pointer;
  /** Present where the runtime can run a call on another thread. `-1` then comes without an errno. */
  readonly offThread?: {
    poll(fds: Pointer, count: Size, milliseconds: number): Promise<number>;
    sendmsg(fd: number, message: Pointer, flags: number): Promise<number>;
  };
}

/** Bytes with an ArrayBuffer of their own: small typed arrays live in the garbage-collected heap and move. */
export const memory = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(new ArrayBuffer(length));

/** Text as C has it. @throws {TypeError} when the text holds a NUL. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  if (text.includes('\0')) throw new TypeError(`a NUL in ${JSON.stringify(text)}`);
  const utf8 = new TextEncoder().encode(text);
  const bytes = memory(utf8.length + 1);
  bytes.set(utf8);
  return bytes;
}
