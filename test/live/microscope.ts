/** What the live tests of the microscope share: the built command, and the packets of a capture as wireshark reads them. */
import { spawnSync } from 'node:child_process';
import { PATIENCE } from './support.ts';

export interface Said { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Runs a program to its end. */
export function said(program: string, words: readonly string[], input = ''): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', input, timeout: PATIENCE * 3, maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

/** Each packet's protocol and, message by message, what the headers say: length, flags, sequence number, port. (Types have other names in each protocol.) */
export function wireshark(pcap: string): string[] {
  const fields = ['netlink.family', 'netlink.hdr_len', 'netlink.hdr_flags', 'netlink.hdr_seq', 'netlink.hdr_pid'];
  const { stdout, stderr, status } = spawnSync('tshark', ['-r', pcap, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`tshark: ${stderr}`);
  return stdout.split('\n').filter(Boolean).map((line) => {
    const [family, ...columns] = line.split('\t').map((cell) => cell.split(',').filter(Boolean).map(Number));
    return [family![0], ...columns[0]!.map((_, i) => columns.map((column) => column[i]).join(' '))].join('; ');
  });
}
