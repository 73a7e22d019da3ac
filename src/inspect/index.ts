/** Looking at netlink traffic: captures of every kind in, annotated bytes, JSON and text out. Runs in a browser. */
export { CaptureError, guessDirection, guessLittleEndian, toHex, type Captured } from './capture.ts';
export { detect, readCapture, type CaptureFormat } from './detect.ts';
export { readHex, readHexLine } from './hex.ts';
export { isPcap, readPcap } from './pcap.ts';
export { pcapHeader, pcapRecord } from './pcap-write.ts';
export { isStrace, readStrace, straceReader, type StraceCall, type StraceOptions, type StraceReader } from './strace.ts';
export { explain, refusals, type Explained, type ExplainedSpan, type ExplainOptions, type Refusal } from './explain.ts';
export { genericOf } from './generic.ts';
export { fromJson, toJson, type Json, type JsonMessage, type JsonOptions } from './json.ts';
export { dump, show, tree } from './text.ts';
