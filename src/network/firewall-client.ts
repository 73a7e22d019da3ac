/** Brings our table into the kernel: one transaction. */
import { HEADER_SIZE, HOST_LITTLE_ENDIAN, Writer } from '../codec/index.ts';
import { netfilter, type Table } from '../families/netfilter/index.ts';
import { Client, NetlinkError, openSocket, type Request } from '../socket/index.ts';
import { controlError, isControl, refused, writeRequest } from '../socket/request.ts';
import { NetworkError } from './error.ts';
import { TABLE, TABLE_COMMENT, type Ruleset } from './firewall.ts';
import { comment, messagesOf } from './firewall-messages.ts';
import type { Operation, Session } from './operation.ts';

/** Milliseconds. */
const PATIENCE = 30_000;
/** NFNL_SUBSYS_NFTABLES. */
const SUBSYSTEM = 10;

/** Puts a ruleset in the place of ours. @throws {NetworkError} CONFLICT, UNSUPPORTED @throws {NetlinkError} */
// eslint-disable-next-line require-yield
export function* applyRuleset(session: Session, ruleset: Ruleset): Operation<void> {
  try {
    session.inside(() => { assertOurs(); send(messagesOf(ruleset)); });
  } catch (error) {
    if (error instanceof NetlinkError && ['ENOENT', 'EOPNOTSUPP', 'EPROTONOSUPPORT', 'EINVAL', 'EAFNOSUPPORT'].includes(error.code)) throw new NetworkError('UNSUPPORTED', `the firewall: ${error.message}`, 'the kernel needs nf_tables with nft_chain_nat, nft_nat, nft_masq, nft_ct and nft_fib_inet ("modprobe")', error);
    throw error;
  }
}

/** A table of that name that is another's is not touched. */
function assertOurs(): void {
  const client = Client.open({ protocol: netfilter });
  try {
    const table = (client.dumpSync({ message: netfilter.messages.gettable, body: { family: 'inet', version: 0, resId: 0 } }) as Table[]).find(({ name }) => name === TABLE), mark = comment(TABLE_COMMENT);
    if (table && !(table.userdata?.length === mark.length && mark.every((byte, i) => table.userdata?.[i] === byte))) throw new NetworkError('CONFLICT', `there is a table inet ${TABLE} that is not nlkit's`, `nft list table inet ${TABLE}`);
  } finally { client.close(); }
}

/** Sends requests between a begin and an end: the kernel does all of them or none. The answer is there when the send returns. */
function send(requests: readonly Request[]): void {
  const writer = new Writer(HOST_LITTLE_ENDIAN), starts: number[] = [], bracket = { family: 'unspec', version: 0, resId: SUBSYSTEM } as const;
  const all: Request[] = [{ message: netfilter.messages.batchBegin, body: bracket }, ...requests, { message: netfilter.messages.batchEnd, body: bracket }];
  // The last message before the end is acknowledged: by then it is known whether all of it holds.
  for (const [at, request] of all.entries()) starts.push(writeRequest(writer, request, at, at === all.length - 2));
  const bytes = writer.bytes.slice(0, writer.pos);
  const transport = openSocket({ protocol: netfilter.number, sendBuffer: Math.max(bytes.length * 2, 1 << 18), receiveBuffer: 1 << 20 });
  try {
    transport.send(bytes);
    for (let failure: NetlinkError | undefined; ;) {
      const datagram = transport.receive();
      if (!datagram) { if (transport.wait(PATIENCE)) continue; throw new NetworkError('STATE', 'no answer from nf_tables'); }
      const view = new DataView(datagram.bytes.buffer, datagram.bytes.byteOffset, datagram.bytes.byteLength);
      for (let at = 0, length: number; at + HEADER_SIZE <= datagram.bytes.length; at += length + 3 & ~3) {
        length = view.getUint32(at, HOST_LITTLE_ENDIAN);
        const number = view.getUint32(at + 8, HOST_LITTLE_ENDIAN), request = all[number];
        if (!request || !isControl(view.getUint16(at + 4, HOST_LITTLE_ENDIAN))) continue;
        if (controlError(view, at, at + length) !== 0) failure ??= refused(datagram.bytes, view, at, at + length, request, bytes.slice(starts[number], starts[number + 1]));
        // Refused as a whole before its messages were looked at, or looked at to the last.
        if (number === 0 || number === all.length - 2) { if (failure) throw failure; return; }
      }
    }
  } finally { transport.close(); }
}
