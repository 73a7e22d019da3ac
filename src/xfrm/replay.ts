/** Which packets came already: a window of 32 bits, or of more, or with sequence numbers of 64 bits (net/xfrm/xfrm_replay.c). */
import type { Value } from '../codec/index.ts';
import type { XfrmReplayState, xfrmReplayStateEsn } from '../families/xfrm/index.ts';
import { checkKeys, XfrmInputError, type Body, type Keys } from './common.ts';

/** XFRMA_REPLAY_ESN_MAX; and as many as struct xfrm_replay_state has bits. */
const MOST_WINDOW = 4096, WORD = 32;

/** Sequence numbers: of the last packet that came, of the last that went. */
export interface XfrmReplay {
  readonly seq?: number;
  readonly oseq?: number;
  /** The upper halves, where numbers have 64 bits. Told of windows larger than 32, too, and then 0. */
  readonly seqHi?: number;
  readonly oseqHi?: number;
  /** Which of the packets before `seq` came: words of 32 bits. */
  readonly bitmap?: readonly number[];
}
/** How a state notices packets that come again. */
export interface XfrmWindow {
  /** How many packets may come out of order: 0 (no replay is noticed) to 4096. Default: 0. */
  readonly replayWindow?: number;
  readonly replay?: XfrmReplay;
}

const keys: Keys<XfrmReplay> = { seq: 1, oseq: 1, seqHi: 1, oseqHi: 1, bitmap: 1 };
/** @param esn Numbers of 64 bits: a flag of the state @param out A state that only sends: it has no window (kernel 6.10) */
export function replayBody({ replayWindow = 0, replay }: XfrmWindow, esn: boolean, out: boolean): { replayWindow?: number; attributes: Body } {
  if (replay) checkKeys(replay, keys, 'replay');
  const { seq = 0, oseq = 0, seqHi, oseqHi, bitmap = [] } = replay ?? {};
  if (replayWindow < 0 || replayWindow > MOST_WINDOW) throw new XfrmInputError('window', `a replay window has 0 to ${MOST_WINDOW} packets, not ${replayWindow}`);
  if (esn && replayWindow === 0 && !out) throw new XfrmInputError('esn', 'esn needs a replay window', 'replayWindow: 64');
  if (!esn && replayWindow <= WORD && seqHi === undefined && oseqHi === undefined) {
    return { replayWindow, attributes: replay ? { replayVal: { oseq, seq, bitmap: bitmap[0] ?? 0 } } : {} };
  }
  const bmpLen = Math.max(Math.ceil(replayWindow / WORD), bitmap.length), bmp = bitmap.length > 0 ? Array.from({ length: bmpLen }, (_, at) => bitmap[at] ?? 0) : [];
  return { attributes: { replayEsnVal: { bmpLen, oseq, seq, oseqHi: oseqHi ?? 0, seqHi: seqHi ?? 0, replayWindow, bmp } } };
}

interface Told { replayVal?: Value<typeof XfrmReplayState>; replayEsnVal?: Value<typeof xfrmReplayStateEsn> }
/** As `replayBody` takes it. @param window The one in the header of a state */
export function readReplay({ replayVal, replayEsnVal }: Told, window: number): Required<Pick<XfrmWindow, 'replayWindow'>> & Pick<XfrmWindow, 'replay'> {
  if (replayEsnVal) {
    const { seq, oseq, seqHi, oseqHi, bmp, replayWindow } = replayEsnVal;
    return { replayWindow, replay: { seq, oseq, seqHi, oseqHi, bitmap: bmp } };
  }
  return { replayWindow: window, ...(replayVal && { replay: { seq: replayVal.seq, oseq: replayVal.oseq, bitmap: [replayVal.bitmap] } }) };
}
