/**
 * sendmsg, recvmsg, recvmmsg and poll on any descriptor, without an allocation a call.
 *
 * Raw pointers do not keep memory alive, so everything the kernel is pointed at lives here, once a thread, for good:
 * calls are synchronous, so sockets can share it. Pages that no datagram ever touched cost nothing.
 */
import { libc } from './libc.ts';
import type { Datagram } from './transport.ts';
import { EAGAIN, EINTR } from './errno.ts';
import { type Libc, type Pointer, memory } from './signatures.ts';

const MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40, POLLIN = 1, SOL_NETLINK = 270, NETLINK_LISTEN_ALL_NSID = 8;
const narrow = ['arm', 'ia32'].includes(process.arch);
/** The size of a pointer and of a long. */
const word = narrow ? 4 : 8;
const nameSize = 12, controlSize = 64;
// struct msghdr, iovec and mmsghdr of every Linux machine, counted in words.
const at = { name: 0, nameLength: word, iov: 2 * word, iovLength: 3 * word, control: 4 * word, controlLength: 5 * word, flags: 6 * word };
const headerSize = 7 * word, iovSize = 2 * word, slotSize = 8 * word;

/** One or more message headers side by side, each with one buffer, a name and room for control messages. */
class Slots {
  readonly data: Uint8Array<ArrayBuffer>[] = [];
  readonly pointer: Pointer;
  readonly #ints: Int32Array;
  readonly #base: bigint;
  readonly #count: number;

  readonly #receiving: boolean;
  /** The datagrams that each buffer held last: acknowledgements are of one length, and so are many events. */
  readonly #last: Uint8Array<ArrayBuffer>[] = [];
  readonly #views: DataView[] = [];

  constructor(c: Libc, count: number, size: number, receiving = true) {
    this.#receiving = receiving;
    const perSlot = slotSize + iovSize + nameSize + 4 + controlSize;
    const slab = memory(count * perSlot);
    this.#count = count;
    this.#base = c.address(slab);
    this.#ints = new Int32Array(slab.buffer);
    this.pointer = c.pointer(slab);
    this.#buffers(c, size);
  }

  #buffers(c: Libc, size: number): void {
    const all = memory(this.#count * size);
    const base = c.address(all);
    for (let slot = 0; slot < this.#count; slot++) {
      this.data[slot] = this.#last[slot] = all.subarray(slot * size, (slot + 1) * size);
      this.#views[slot] = new DataView(all.buffer, all.byteOffset + slot * size, size);
      const header = slot * slotSize, iov = this.#iov(slot), name = this.#name(slot);
      this.#setWord(iov, base + BigInt(slot * size));
      this.#setWord(iov + word, BigInt(size));
      this.#setWord(header + at.name, this.#receiving ? this.#base + BigInt(name) : 0n);
      this.#setWord(header + at.iov, this.#base + BigInt(iov));
      this.#setWord(header + at.iovLength, 1n);
      this.#setWord(header + at.control, this.#receiving ? this.#base + BigInt(name + nameSize + 4) : 0n);
    }
  }

  #iov(slot: number): number { return this.#count * slotSize + slot * (iovSize + nameSize + 4 + controlSize); }
  #name(slot: number): number { return this.#iov(slot) + iovSize; }

  #setWord(offset: number, value: bigint): void {
    this.#ints[offset >> 2] = Number(BigInt.asIntN(32, value));
    if (word === 8) this.#ints[(offset >> 2) + 1] = Number(BigInt.asIntN(32, value >> 32n));
  }

  /** Makes every buffer at least `size` bytes long: a longer datagram was seen. */
  grow(c: Libc, size: number): void {
    if (size > this.data[0]!.length) this.#buffers(c, size);
  }

  /** For sending: the bytes, to the default destination (neither name nor control message: their lengths stay 0). */
  fill(bytes: Uint8Array): void {
    this.data[0]!.set(bytes);
    this.#ints[(this.#iov(0) + word) >> 2] = bytes.length;
  }

  /** For receiving: the kernel overwrites the lengths of name and control each time. */
  arm(slot: number): void {
    const header = slot * slotSize;
    this.#ints[(header + at.nameLength) >> 2] = nameSize;
    this.#ints[(header + at.controlLength) >> 2] = controlSize;
  }

  /** recvmmsg's count of bytes in a slot. */
  length(slot: number): number { return this.#ints[(slot * slotSize + headerSize) >> 2]!; }

  datagram(slot: number, length: number): Datagram {
    const header = (slot * slotSize) >> 2, data = this.data[slot]!;
    const truncated = length > data.length, size = truncated ? data.length : length;
    let bytes = this.#last[slot]!;
    if (bytes.length !== size) this.#last[slot] = bytes = data.subarray(0, size);
    const datagram: Datagram = {
      bytes,
      view: this.#views[slot]!,
      length,
      truncated,
      port: this.#ints[header + (at.nameLength >> 2)]! >= 8 ? this.#ints[(this.#name(slot) >> 2) + 1]! >>> 0 : undefined,
    };
    const control = this.#ints[header + (at.controlLength >> 2)]!;
    if (control > 0) {
      const nsid = this.#nsid((this.#name(slot) + nameSize + 4) >> 2, control);
      if (nsid !== undefined) datagram.nsid = nsid;
    }
    return datagram;
  }

  /** cmsghdr is a long length, an int level, an int type; then the data, padded to a long. */
  #nsid(start: number, size: number): number | undefined {
    for (let offset = 0; offset + 2 * word <= size;) {
      const header = start + (offset >> 2), length = this.#ints[header]!;
      if (length < word + 8) return undefined;
      const level = this.#ints[header + (word >> 2)], type = this.#ints[header + (word >> 2) + 1];
      if (level === SOL_NETLINK && type === NETLINK_LISTEN_ALL_NSID) return this.#ints[header + (word >> 2) + 2]!;
      offset += (length + word - 1) & -word;
    }
    return undefined;
  }
}

interface Slab { c: Libc; out: Slots; in: Slots; poll: Uint8Array<ArrayBuffer>; pollInts: Int32Array; pollPointer: Pointer }
let slab: Slab | undefined;

const receiveSize = 256 * 1024;

function slabs(): Slab {
  if (slab) return slab;
  const c = libc(), poll = memory(8);
  return (slab = { c, out: new Slots(c, 1, 64 * 1024, false), in: new Slots(c, 1, receiveSize), poll, pollInts: new Int32Array(poll.buffer), pollPointer: c.pointer(poll) });
}

/** Sends to the descriptor's default destination: 0, or the errno. */
export function sendDatagram(fd: number, bytes: Uint8Array): number {
  const { c, out } = slab ?? slabs();
  out.grow(c, bytes.length);
  out.fill(bytes);
  for (;;) {
    if (c.sendmsg(fd, out.pointer, 0) >= 0) return 0;
    const errno = c.errno();
    if (errno !== EINTR) return errno;
  }
}

/** The same on another thread; only where the loader can. */
export async function sendDatagramOffThread(fd: number, bytes: Uint8Array): Promise<number> {
  const c = libc();
  const own = new Slots(c, 1, Math.max(bytes.length, 16), false);
  own.fill(bytes);
  const sent = await c.offThread!.sendmsg(fd, own.pointer, 0);
  // errno stayed on the other thread. A failed sendmsg did nothing, so this thread may ask again. (`own` lived until here.)
  return sent === own.data[0]!.length || sent >= 0 ? 0 : sendDatagram(fd, bytes);
}

/** The next datagram, or the errno as a negative number: `-EAGAIN` when there is none. Never blocks. */
export function receiveDatagram(fd: number): Datagram | number {
  const { c, in: into } = slab ?? slabs();
  for (;;) {
    into.arm(0);
    const length = c.recvmsg(fd, into.pointer, MSG_DONTWAIT | MSG_TRUNC);
    if (length >= 0) {
      const datagram = into.datagram(0, length);
      // Lost to this receive, but a repeated request will find the room.
      if (datagram.truncated) into.grow(c, length);
      return datagram;
    }
    const errno = c.errno();
    if (errno !== EINTR) return -errno;
  }
}

const batch = 32, batchSize = 64 * 1024;
let many: Slots | undefined;

/**
 * Hands over what is there, up to 512 datagrams: what is left keeps the descriptor readable.
 * `handle` may close the descriptor, if `open` says so then. It must not receive: the datagrams share one memory.
 * @returns 0 when it stopped at that limit, else the errno that ended it: `EAGAIN` when all has been read.
 */
export function drainDatagrams(fd: number, handle: (datagram: Datagram) => void, open = () => true): number {
  const { c } = slab ?? slabs();
  many ??= new Slots(c, batch, batchSize);
  const slots = many;
  for (let round = 0; round < 16 && open(); round++) {
    for (let slot = 0; slot < batch; slot++) slots.arm(slot);
    const count = c.recvmmsg(fd, slots.pointer, batch, MSG_DONTWAIT | MSG_TRUNC, c.nullPointer);
    if (count < 0) {
      const errno = c.errno();
      if (errno === EINTR) continue;
      return errno;
    }
    for (let slot = 0; slot < count; slot++) handle(slots.datagram(slot, slots.length(slot)));
    // Fewer: all has been read, or an error came up, which the kernel keeps for the next call.
    if (count < batch) return EAGAIN;
  }
  return 0;
}

/** Blocks until the descriptor is readable or in error; false when the time passed first. */
export function pollReadable(fd: number, milliseconds: number): boolean {
  const { c, pollInts, pollPointer } = slab ?? slabs();
  const deadline = milliseconds < 0 ? Infinity : performance.now() + milliseconds;
  for (;;) {
    pollInts[0] = fd;
    pollInts[1] = POLLIN;
    const left = deadline === Infinity ? -1 : Math.max(0, Math.ceil(deadline - performance.now()));
    const ready = c.poll(pollPointer, c.size(1), left);
    if (ready >= 0) return ready > 0;
    const errno = c.errno();
    if (errno !== EINTR && errno !== EAGAIN) return true;
    if (performance.now() >= deadline) return false;
  }
}
