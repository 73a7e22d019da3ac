/** The memory of a plugged module: `ethtool -m`. What the bytes mean is the standards' (SFF-8472, SFF-8636, CMIS), and no matter of netlink. */
import { usage } from '../errors.ts';
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import { printAll } from '../generic.ts';
import { onOff, u32, u8 } from '../values.ts';
import { ask, decoded, device } from './ask.ts';

/** Pages are half of what can be addressed: the lower one is always there. */
const PAGE = 128, MODULE = 0x50;
const rows: Grammar = { raw: to('raw', onOff), hex: to('hex', onOff), offset: to('offset', u32('N')), length: to('length', u32('N')), page: to('page', u8('N')), bank: to('bank', u8('N')), i2c: to('i2c', u8('ADDRESS')) };
interface Said { raw?: number; hex?: number; offset?: number; length?: number; page?: number; bank?: number; i2c?: number }

function dump(data: Uint8Array, offset: number): string {
  let text = 'Offset\t\tValues\n------\t\t------';
  for (const [at, byte] of data.entries()) text += `${at % 16 === 0 ? `\n0x${(at + offset).toString(16).padStart(4, '0')}:\t\t` : ''}${byte.toString(16).padStart(2, '0')} `;
  return `${text}\n`;
}

export const showEeprom: Command = {
  summary: 'print the memory of a plugged module, byte by byte', usage: 'DEVNAME [ raw { on | off } ] [ hex { on | off } ] [ offset N ] [ length N ] [ page N ] [ bank N ] [ i2c ADDRESS ]', options: { ...device, ...rows },
  examples: ['ethtool -m eth0', 'ethtool -m eth0 page 1 offset 128 length 128', 'ethtool -m eth0 raw on'],
  async run(context, words) {
    const asked = await ask(context, words), { raw = 0, hex = 0, page = 0, bank = 0, i2c = MODULE, length = PAGE, offset = page > 0 ? PAGE : 0 } = parse(rows, words, {}, context) as Said;
    if (raw && hex) throw usage('raw, or in hexadecimal, not both');
    if (length > PAGE) throw usage(`at most ${PAGE} bytes at once`);
    printAll(context, asked.answers('moduleEepromGet', [], { offset, length, page, bank, i2cAddress: i2c }), (printer, body) => {
      const { data = new Uint8Array() } = body as { data?: Uint8Array };
      if (printer.json) decoded(printer, body);
      else if (raw) context.out.writeBytes(data);
      else printer.text(dump(data, offset));
    });
  },
};
