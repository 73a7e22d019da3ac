/** Which of the readers a file is for. */
import { CaptureError, toHex, type Captured } from './capture.ts';
import { isPcap, readPcap } from './pcap.ts';
import { isStrace, readStrace, type StraceOptions } from './strace.ts';
import { readHex } from './hex.ts';

export type CaptureFormat = 'pcap' | 'strace' | 'hex' | 'binary';

/** Guesses the format of a file: a capture by its magic number, otherwise text by its look, otherwise raw messages. */
export function detect(file: Uint8Array): CaptureFormat {
  if (isPcap(file)) return 'pcap';
  if (file.some((byte) => byte < 9 || byte > 13 && byte < 32 && byte !== 27 || byte === 127)) return 'binary';
  return isStrace(new TextDecoder().decode(file)) ? 'strace' : 'hex';
}

/**
 * The datagrams of a file in the given or the guessed format.
 * @throws CaptureError naming the line or offset that cannot be read
 */
export function readCapture(file: Uint8Array, format: CaptureFormat = detect(file), options: StraceOptions = {}): Captured[] {
  switch (format) {
    case 'pcap': return readPcap(file);
    case 'strace': return readStrace(new TextDecoder().decode(file), options);
    case 'hex': return readHex(new TextDecoder().decode(file));
    case 'binary': {
      if (file.length < 16) throw new CaptureError(`${toHex(file)} is shorter than a netlink header`, 0);
      return [{ bytes: file }];
    }
  }
}
