/** Captured traffic in every form that people have it in. The texts are what the tools named print. */
import { describe, expect, test } from 'vitest';
import { readHex, readHexLine } from '../src/inspect/hex.ts';
import { readPcap } from '../src/inspect/pcap.ts';
import { pcapHeader, pcapRecord } from '../src/inspect/pcap-write.ts';
import { isStrace, readStrace, straceReader } from '../src/inspect/strace.ts';
import { detect, readCapture } from '../src/inspect/detect.ts';
import { genericOf } from '../src/inspect/generic.ts';
import { toJson } from '../src/inspect/json.ts';
import { CaptureError, guessLittleEndian, toHex } from '../src/inspect/capture.ts';

const datagram = '1400000012000103fdfe385c00000000' + '61626364' + '00'.repeat(40);
const hexes = (text: string): string[] => readHex(text).map((d) => toHex(d.bytes));
const bytesOf = (hex: string): Uint8Array => readHexLine(hex);

describe('hex', () => {
  test.each<[tool: string, text: string]>([
    ['plain', datagram],
    ['spaced', datagram.replace(/../g, '$& ')],
    ['colons, upper case', datagram.toUpperCase().replace(/..(?!$)/g, '$&:')],
    ['one 0x', `0x${datagram}`],
    ['0x each', datagram.replace(/../g, '0x$&, ')],
    ['comment behind', `${datagram}  # RTM_GETLINK`],
    ['xxd', `00000000: 1400 0000 1200 0103 fdfe 385c 0000 0000  ..........8\\....
00000010: 6162 6364 0000 0000 0000 0000 0000 0000  abcd............
00000020: 0000 0000 0000 0000 0000 0000 0000 0000  ................
00000030: 0000 0000 0000 0000 0000 0000            ............
`],
    ['hexdump -C', `00000000  14 00 00 00 12 00 01 03  fd fe 38 5c 00 00 00 00  |..........8\\....|
00000010  61 62 63 64 00 00 00 00  00 00 00 00 00 00 00 00  |abcd............|
00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
00000030  00 00 00 00 00 00 00 00  00 00 00 00              |............|
0000003c
`],
    ['hexdump -C, rows left out', `00000000  14 00 00 00 12 00 01 03  fd fe 38 5c 00 00 00 00  |..........8\\....|
00000010  61 62 63 64 00 00 00 00  00 00 00 00 00 00 00 00  |abcd............|
00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
*
0000003c
`],
    ['hexdump', `0000000 0014 0000 0012 0301 fefd 5c38 0000 0000
0000010 6261 6463 0000 0000 0000 0000 0000 0000
0000020 0000 0000 0000 0000 0000 0000 0000 0000
0000030 0000 0000 0000 0000 0000 0000
000003c
`],
    ['od -t x1', `0000000 14 00 00 00 12 00 01 03 fd fe 38 5c 00 00 00 00
0000020 61 62 63 64 00 00 00 00 00 00 00 00 00 00 00 00
0000040 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
0000060 00 00 00 00 00 00 00 00 00 00 00 00
0000074
`],
    ['xxd -i', `unsigned char d_bin[] = {
  0x14, 0x00, 0x00, 0x00, 0x12, 0x00, 0x01, 0x03, 0xfd, 0xfe, 0x38, 0x5c,
  0x00, 0x00, 0x00, 0x00, 0x61, 0x62, 0x63, 0x64, ${'0x00, '.repeat(39)}0x00
};
unsigned int d_bin_len = 60;
`],
    ['annotated Rust', `let raw = vec![
      0x14, 0x00, 0x00, 0x00, // length
      0x12, 0x00, 0x01, 0x03, 0xfd, 0xfe, 0x38, 0x5c, /* sequence */ 0x00, 0x00, 0x00, 0x00,
      0x61, 0x62, 0x63, 0x64, ${'0x00, '.repeat(40)}
    ];`],
    ['JSON array', JSON.stringify([...bytesOf(datagram)])],
    ['C string', `"\\x14\\0\\0\\0\\x12\\0\\1\\3\\xfd\\xfe8\\\\\\0\\0\\0\\0"\n  "abcd${'\\x00'.repeat(40)}"`],
    ['escapes without quotes', `\\x14\\x00\\x00\\x00\\x12\\x00\\x01\\x03\\xfd\\xfe\\x38\\x5c\\x00\\x00\\x00\\x00abcd${'\\x00'.repeat(40)}`],
    ['base64', 'FAAAABIAAQP9/jhcAAAAAGFiY2QAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['tcpdump -x', `\t0x0000:  1400 0000 1200 0103 fdfe 385c 0000 0000
\t0x0010:  6162 6364 0000 0000 0000 0000 0000 0000
\t0x0020:  0000 0000 0000 0000 0000 0000 0000 0000
\t0x0030:  0000 0000 0000 0000 0000 0000`],
    ['wireshark', `0000   14 00 00 00 12 00 01 03 fd fe 38 5c 00 00 00 00   ..........8\\....
0010   61 62 63 64 00 00 00 00 00 00 00 00 00 00 00 00   abcd............
0020   00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00   ................
0030   00 00 00 00 00 00 00 00 00 00 00 00               ............`],
  ])('%s', (_, text) => { expect(hexes(text)).toEqual([datagram]); });

  test('several datagrams: lines, dumps, arrays, literals', () => {
    expect(hexes('# two\n0102\n\n 03 04\n')).toEqual(['0102', '0304']);
    expect(hexes('00000000: 0102  ..\nthen\n00000000: 0304  ..\n')).toEqual(['0102', '0304']);
    expect(hexes('{ 0x01, 0x02 }, { 0x03, 0x04 }')).toEqual(['0102', '0304']);
    expect(hexes('a = "\\x01" "\\x02"; b = "\\x03\\x04"')).toEqual(['0102', '0304']);
  });
  test('one message over several lines, as xxd -p, od -An and fold write it; another line is another datagram', () => {
    const message = Uint8Array.from({ length: 56 }, (_, i) => (i === 0 ? 56 : i < 16 ? 0 : i)), text = Buffer.from(message).toString('hex');
    for (const width of [4, 8, 30, 60, 64]) expect(readHex(text.replace(RegExp(`.{${width}}`, 'g'), '$&\n'))).toEqual([{ bytes: message }]);
    expect(readHex(`${text}\n${text}`)).toEqual([{ bytes: message }, { bytes: message }]);
    expect(readHex(`${text.slice(0, 60)}\n${text}`).map(({ bytes }) => bytes.length)).toEqual([30, 56]);
    expect(readHex(`${text.slice(0, 60)}\n\n${text.slice(60)}`).map(({ bytes }) => bytes.length)).toEqual([30, 26]);
    const rows = [0, 16, 32, 48].map((at) => message.subarray(at, at + 16));
    expect(readHex([...rows.map((row, i) => `${(16 * i).toString(16).padStart(6, '0')} ${[...row].map((b) => b.toString(16).padStart(2, '0')).join(' ')}`), '000038'].join('\n'))).toEqual([{ bytes: message }]);
    expect(readHex(rows.map((row) => `  ${[...row].map((b) => `0x${b.toString(16).padStart(2, '0')}`).join(', ')}`).join(',\n'))).toEqual([{ bytes: message }]);
  });
  test('a comment says of which protocol the lines behind it are', () => {
    expect(readHex('00\n# protocol 12 netfilter\n01\n02\n# protocol 0\n03').map(({ protocol }) => protocol)).toEqual([undefined, 12, 12, 0]);
  });
  test('an empty line is an empty datagram to readHexLine', () => { expect(readHexLine('')).toEqual(new Uint8Array()); });
  test('an odd byte count survives hexdump', () => {
    expect(hexes('0000000 0201 0003\n0000003\n')).toEqual(['010203']);
  });
  test.each([['abc', /odd number/], ['zz!', /neither hex nor base64/], ['00\n0g', /line 2/], ['00000000: 00\n00000010: 00', /offset 0x10/], ['{0x01, 256}', /not a byte/]])('%s is refused', (text, why) => {
    expect(() => readHex(text)).toThrow(CaptureError);
    expect(() => readHex(text)).toThrow(why);
  });
});

/** Builds files of either byte order, so that both readers are driven by the formats' own rules. */
class File {
  private readonly bytes: number[] = [];
  private readonly little: boolean;
  constructor(little: boolean) { this.little = little; }
  put(value: number, size: number, little = this.little): this {
    for (let i = 0; i < size; i++) this.bytes.push(Math.floor(value / 256 ** (little ? i : size - 1 - i)) % 256);
    return this;
  }
  raw(bytes: Uint8Array): this { this.bytes.push(...bytes); return this; }
  block(type: number, body: File): this {
    const padded = [...body.bytes]; while (padded.length % 4) padded.push(0);
    this.put(type, 4).put(padded.length + 12, 4).raw(Uint8Array.from(padded)).put(padded.length + 12, 4);
    return this;
  }
  done(): Uint8Array { return Uint8Array.from(this.bytes); }
}
const cookedHeader = (file: File, protocol: number, hardware = 824): File => file.put(4, 2, false).put(hardware, 2, false).put(0, 10).put(protocol, 2, false);
const message = (little: boolean, flags: number): Uint8Array => new File(little).put(20, 4).put(18, 2).put(flags, 2).put(7, 4).put(0, 4).put(0, 4).done();

describe.each([true, false])('capture files, little endian %s', (little) => {
  test.each([[0xa1b2c3d4, 1e6], [0xa1b23c4d, 1e9]])('pcap %d', (magic, perSecond) => {
    const file = new File(little).put(magic, 4).put(2, 2).put(4, 2).put(0, 8).put(262144, 4).put(253, 4);
    for (const [protocol, flags] of [[0, 0x301], [16, 2]] as const) {
      file.put(1700000000, 4).put(perSecond / 2, 4).put(36, 4).put(36, 4);
      cookedHeader(file, protocol).raw(message(little, flags));
    }
    file.put(1, 4).put(0, 4).put(20, 4).put(20, 4); cookedHeader(file, 0, 1).put(0, 4);
    file.put(1, 4).put(0, 4).put(20, 4).put(36, 4); cookedHeader(file, 0).raw(message(little, 1).subarray(0, 4));
    expect(detect(file.done())).toBe('pcap');
    expect(readPcap(file.done())).toEqual([
      { bytes: message(little, 0x301), protocol: 0, direction: 'send', time: 1700000000.5 },
      { bytes: message(little, 2), protocol: 16, direction: 'receive', time: 1700000000.5 },
      { bytes: message(little, 1).subarray(0, 4), protocol: 0, time: 1, truncated: 20, note: 'cut short by the capture' },
    ]);
    expect(guessLittleEndian(message(little, 0))).toBe(little);
  });
  test('pcapng: enhanced, simple and old packets, a clock in nanoseconds, a foreign interface', () => {
    const packet = (flags: number): Uint8Array => cookedHeader(new File(little), 12).raw(message(little, flags)).done();
    const file = new File(little)
      .block(0x0a0d0d0a, new File(little).put(0x1a2b3c4d, 4).put(1, 2).put(0, 2).put(0xffffffff, 4).put(0xffffffff, 4))
      .block(1, new File(little).put(253, 2).put(0, 2).put(0, 4).put(9, 2).put(1, 2).put(9, 1).put(0, 3).put(0, 4))
      .block(1, new File(little).put(1, 2).put(0, 2).put(0, 4))
      .block(6, new File(little).put(0, 4).put(0, 4).put(2_500_000_000, 4).put(36, 4).put(36, 4).raw(packet(1)))
      .block(6, new File(little).put(1, 4).put(0, 4).put(0, 4).put(36, 4).put(36, 4).raw(packet(1)))
      .block(5, new File(little).put(0, 16))
      .block(3, new File(little).put(36, 4).raw(packet(2)))
      .block(2, new File(little).put(0, 2).put(0, 2).put(0, 4).put(1_500_000_000, 4).put(36, 4).put(36, 4).raw(packet(1)))
      .done();
    expect(readPcap(file)).toEqual([
      { bytes: message(little, 1), protocol: 12, direction: 'send', time: 2.5 },
      { bytes: message(little, 2), protocol: 12, direction: 'receive' },
      { bytes: message(little, 1), protocol: 12, direction: 'send', time: 1.5 },
    ]);
    expect(readPcap(file.subarray(0, file.length - 20))[2]).toMatchObject({ truncated: 20 });
  });
  test('an Ethernet capture is refused by name', () => {
    const file = new File(little).put(0xa1b2c3d4, 4).put(2, 2).put(4, 2).put(0, 8).put(262144, 4).put(1, 4).done();
    expect(() => readPcap(file)).toThrow(/link type 1 is not netlink/);
  });
});

describe('strace', () => {
  test('-e read=all -e write=all: the dumped bytes win, peeks and other sockets are left out', () => {
    const trace = `7422  socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 3
7422  socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 4
7422  sendto(4, "\\x01", 1, 0, NULL, 0) = 1
7422  sendto(3, [{nlmsg_len=32, nlmsg_type=RTM_NEWLINK, nlmsg_flags=NLM_F_REQUEST|NLM_F_ACK, nlmsg_seq=0, nlmsg_pid=0}, {ifi_family=AF_UNSPEC, ifi_type=ARPHRD_NETROM, ifi_index=0, ifi_flags=0, ifi_change=0}], 32, 0, NULL, 0) = 32
 | 00000  20 00 00 00 10 00 05 00  00 00 00 00 00 00 00 00   ............... |
 | 00010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  ................ |
7422  recvmsg(3, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, msg_namelen=12, msg_iov=[{iov_base=NULL, iov_len=0}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_TRUNC}, MSG_PEEK|MSG_TRUNC) = 36
7422  recvmsg(3, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, msg_namelen=12, msg_iov=[{iov_base=[{nlmsg_len=36, nlmsg_type=NLMSG_ERROR, nlmsg_flags=NLM_F_CAPPED, nlmsg_seq=0, nlmsg_pid=7422}, {error=-ENODEV, msg={nlmsg_len=32, nlmsg_type=RTM_NEWLINK, nlmsg_flags=NLM_F_REQUEST|NLM_F_ACK, nlmsg_seq=0, nlmsg_pid=0}}], iov_len=16384}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 36
 * 36 bytes in buffer 0
 | 00000  24 00 00 00 02 00 00 01  00 00 00 00 fe 1c 00 00  4............... |
 | 00010  ed ff ff ff 20 00 00 00  10 00 05 00 00 00 00 00  .... ........... |
 | 00020  00 00 00 00                                       ....             |
7422  +++ exited with 0 +++
`;
    expect(isStrace(trace)).toBe(true);
    expect(readStrace(trace).map((d) => ({ ...d, bytes: toHex(d.bytes) }))).toEqual([
      { bytes: '2000000010000500' + '00'.repeat(24), protocol: 0, direction: 'send', fd: 3, thread: 7422 },
      { bytes: '240000000200000100000000fe1c0000edffffff2000000010000500' + '00'.repeat(8), protocol: 0, direction: 'receive', fd: 3, thread: 7422 },
    ]);
  });
  test('-yy -tt -xx: names on descriptors, time of day, headers put together again around strings', () => {
    const trace = String.raw`7321  18:09:38.151443 sendto(4<NETLINK:[GENERIC:7321]>, [{nlmsg_len=32, nlmsg_type=0x10 /* NLMSG_??? */, nlmsg_flags=NLM_F_REQUEST|NLM_F_ACK, nlmsg_seq=8, nlmsg_pid=0}, "\x03\x01\x00\x00\x0c\x00\x02\x00\x6e\x6c\x63\x74\x72\x6c\x00\x00"], 32, 0, {sa_family=AF_NETLINK, nl_pad=0x5577, nl_pid=0, nl_groups=00000000}, 12) = 32
7321  18:09:38.151663 recvmsg(4<NETLINK:[GENERIC:7321]>, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, msg_namelen=12, msg_iov=[{iov_base=[{nlmsg_len=136, nlmsg_type=nlctrl, nlmsg_flags=0, nlmsg_seq=8, nlmsg_pid=7321}, "\x01\x02\x00\x00"...], iov_len=20000}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 136
[pid 7321] 18:09:38.200000 recvmsg(3<NETLINK:[ROUTE:7321]>,  <unfinished ...>
[pid 7321] 18:09:38.200000 <... recvmsg resumed>{msg_iov=[{iov_base=[{nlmsg_len=20, nlmsg_type=NLMSG_DONE, nlmsg_flags=NLM_F_MULTI, nlmsg_seq=7, nlmsg_pid=-2}, 0], iov_len=32768}], msg_iovlen=1, msg_flags=0}, 0) = 20
`;
    expect(readStrace(trace).map((d) => ({ ...d, bytes: toHex(d.bytes) }))).toEqual([
      { bytes: '20000000100005000800000000000000030100000c0002006e6c6374726c0000', protocol: 16, direction: 'send', fd: 4, thread: 7321, time: 65378.151443 },
      { bytes: '880000001000000008000000991c000001020000', protocol: 16, direction: 'receive', fd: 4, thread: 7321, time: 65378.151663, truncated: 136, note: 'cut short by strace (-s)' },
      { bytes: '140000000300020007000000feffffff00000000', protocol: 0, direction: 'receive', fd: 3, thread: 7321, time: 65378.2 },
    ]);
  });
  test('-f -yy: descriptors are of their processes, sockets without a name of other namespaces; two datagrams of one call', () => {
    const dump = (hex: string): string => ` | 00000  ${hex.replace(/../g, '$& ').trim()}  ................ |`, noop = (seq: number): string => `1000000001000000${seq.toString(16).padStart(2, '0')}00000000000000`;
    const trace = [
      '1 5.000001 socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER) = 3<NETLINK:[77]> <0.000002>', '2 5.000002 read(3</etc/passwd>, ""..., 16) = 16 <0.000001>', dump(noop(1)),
      '1 5.000003 sendto(3<NETLINK:[77]>, ..., 16, 0, NULL, 0) = 16 <0.000004>', dump(noop(2)), '2 5.000004 read(3</etc/passwd>, ""..., 16) = 16 <0.000001>', dump(noop(3)),
      '1 5.000005 recvmmsg(3<socket:[77]>, [...], 32, MSG_DONTWAIT, NULL) = 2 (left NULL) <0.000001>', ' = 1 buffers in vector 0', ' * 16 bytes in buffer 0', dump(noop(4)), ' = 1 buffers in vector 1', ' * 16 bytes in buffer 0', dump(noop(5)),
      '2 5.000006 write(5<NETLINK:[ROUTE:4711]>, ""..., 16) = 16 <0.000001>', dump(noop(6)),
    ];
    expect(readStrace(trace.join('\n')).map(({ bytes, ...rest }) => ({ seq: bytes[8], length: bytes.length, ...rest }))).toEqual([
      { seq: 2, length: 16, protocol: 12, direction: 'send', fd: 3, thread: 1, time: 5.000003, end: expect.closeTo(5.000007, 7) }, { seq: 4, length: 16, protocol: 12, direction: 'receive', fd: 3, thread: 1, time: 5.000005, end: expect.closeTo(5.000006, 7) },
      { seq: 5, length: 16, protocol: 12, direction: 'receive', fd: 3, thread: 1, time: 5.000005, end: expect.closeTo(5.000006, 7) }, { seq: 6, length: 16, protocol: 0, direction: 'send', fd: 5, thread: 2, time: 5.000006, end: expect.closeTo(5.000007, 7) },
    ]);
    // While it goes on: told as soon as its bytes are there; other calls are told of, too.
    const seen: (number | undefined)[] = [], calls: string[] = [], reader = straceReader(({ bytes }) => seen.push(bytes[8]), {}, ({ name }) => calls.push(name));
    const after = trace.map((line) => { reader.line(line); return seen.length; });
    expect(after.slice(3, 5)).toEqual([0, 1]);
    expect(after.at(-3)).toBe(1);
    expect(seen).toEqual([2, 4, 5, 6]);
    expect(calls).toEqual(['socket', 'read', 'read']);
  });
  test('families of generic netlink by name: the numbers are those that the trace tells', () => {
    const trace = String.raw`socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_GENERIC) = 4
sendmsg(4, {msg_namelen=12, msg_iov=[{iov_base=[{nlmsg_len=20, nlmsg_type=mptcp_pm, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, "\x06\x01\x00\x00"], iov_len=20}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 20
recvmsg(4, {msg_namelen=12, msg_iov=[{iov_base=[{nlmsg_len=360, nlmsg_type=nlctrl, nlmsg_flags=0, nlmsg_seq=7, nlmsg_pid=26401}, "\x01\x02\x00\x00\x0d\x00\x02\x00\x6d\x70\x74\x63\x70\x5f\x70\x6d\x00\x00\x00\x00\x06\x00\x01\x00\x1c\x00\x00\x00\x08\x00\x03\x00"...], iov_len=32768}], msg_iovlen=1, msg_flags=0}, 0) = 360
sendmsg(4, {msg_namelen=12, msg_iov=[{iov_base=[{nlmsg_len=20, nlmsg_type=mptcp_pm, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=8, nlmsg_pid=0}, "\x06\x01\x00\x00"], iov_len=20}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 20
`;
    const [said, asked, ...more] = readStrace(trace);
    expect(more).toEqual([]);
    expect(said).toMatchObject({ direction: 'receive', truncated: 360 });
    expect(asked).toMatchObject({ bytes: bytesOf('140000001c000100080000000000000006010000'), protocol: 16, direction: 'send' });
    expect(toJson(asked!.bytes, { protocol: genericOf([said!]), littleEndian: true })).toMatchObject([{ family: 'mptcp_pm', name: 'MPTCP_PM_CMD_GET_LIMITS' }]);
  });
  test('a body that strace decoded comes back as its header, and says so', () => {
    const trace = (type: string): string => `sendto(3, [{nlmsg_len=32, nlmsg_type=${type}, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, {ifi_family=AF_UNSPEC, ...}], 32, 0, NULL, 0) = 32\n`;
    const found = [{ bytes: bytesOf('20000000100001000100000000000000'), truncated: 32, note: expect.stringContaining('-e read=all') }];
    expect(readStrace(trace('RTM_NEWLINK'))).toMatchObject(found);
    expect(readStrace(trace('0x10 /* NLMSG_??? */'))).toMatchObject(found);
    expect(readStrace(trace('OTHER_NEW'), { types: { OTHER_NEW: 16 } })).toMatchObject(found);
    expect(readStrace(trace('OTHER_NEW'))).toEqual([]);
  });
  test('plain buffers', () => {
    const trace = String.raw`socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT) = 5
recvfrom(5, "add@/x\0A\17", 100, 0, NULL, NULL) = 9
`;
    expect(readCapture(new TextEncoder().encode(trace))).toEqual([{ bytes: bytesOf('616464402f7800410f'), protocol: 15, direction: 'receive', fd: 5 }]);
  });
});

test('detect', () => {
  const text = (s: string): Uint8Array => new TextEncoder().encode(s);
  expect(detect(text('1400000012000103'))).toBe('hex');
  expect(detect(bytesOf(datagram))).toBe('binary');
  expect(readCapture(bytesOf(datagram))).toEqual([{ bytes: bytesOf(datagram) }]);
  expect(() => readCapture(bytesOf('0001'))).toThrow(CaptureError);
});

test('much hex takes as long as there is much of it', () => {
  expect(readHex('1400000010000506000000000000000000000000\n'.repeat(20_000))).toHaveLength(20_000);
  // Lines that are no messages, or say that they are longer than all that there is; one that is long.
  for (const line of ['ab'.repeat(100), `00000100${'ab'.repeat(96)}`]) expect(readHex(`${line}\n`.repeat(20_000))).toHaveLength(20_000);
  expect(readHex('ab'.repeat(1 << 20)).map(({ bytes }) => bytes.length)).toEqual([1 << 20]);
}, 20_000);

test('pcap, written and read', () => {
  const all = [
    { bytes: message(true, 0x301), protocol: 0, direction: 'send' as const, time: 1700000000.123457 }, { bytes: message(true, 2), protocol: 16, direction: 'receive' as const, time: 1700000000.999999 },
    { bytes: message(true, 1), protocol: 12, direction: 'send' as const, time: 1700000001, truncated: 4711 },
  ];
  const file = Uint8Array.from([...pcapHeader(), ...all.flatMap((one) => [...pcapRecord(one)])]);
  expect(detect(file)).toBe('pcap');
  expect(readPcap(file)).toEqual(all.map((one) => ({ ...one, time: expect.closeTo(one.time, 6), ...(one.truncated && { note: 'cut short by the capture' }) })));
});
