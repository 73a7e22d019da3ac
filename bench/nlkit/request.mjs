// request COUNT: RTM_GETLINK of lo, one after the other, at the transport: bytes made once, answers not decoded.
import { load, report, start } from './side.mjs';

const { openSocket } = await load('socket/index.js');
const count = Number(process.argv[2]);
const socket = openSocket();
const bytes = new Uint8Array(32);
const view = new DataView(bytes.buffer);
view.setUint32(0, 32, true);
view.setUint16(4, 18, true);
view.setUint16(6, 1, true);
view.setInt32(20, 1, true);
start();
for (let n = 1; n <= count; n++) {
  view.setUint32(8, n, true);
  socket.send(bytes);
  const answer = socket.receive()?.bytes;
  if (!answer || answer[4] !== 16 || (answer[8] | (answer[9] << 8) | (answer[10] << 16)) !== n) throw new Error('unexpected answer');
}
report(count);
socket.close();
