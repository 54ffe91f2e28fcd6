/** What a map and a change weigh on the wire, and a socket in memory. Counted from frames a client got, not from what was meant. */
import { deflateRawSync } from 'node:zlib';
import { decodeDown, encodeChanges, encodeDown } from '@seatwire/protocol';
import { Crowd } from './client/crowd.ts';
import { seatwire } from './client/seatwire.ts';
import { LoadSocket } from './client/websocket.ts';
import type { Bench, Finding } from './finding.ts';
import { memoryOf } from './process-cpu.ts';
import { runLoad } from './run-load.ts';
import { ours } from './services.ts';
import { median, spread } from './spread.ts';
import { openStage, type Stage } from './stage.ts';

const PLACES = 50_000;
const SOCKETS = 5_000;
const WANTED = { raw: 13 * 1024, deflated: 7 * 1024, diff: 24, socket: 3 * 1024 };

export const sizes: Bench = {
  name: 'sizes',
  about: 'a map of 50,000 places raw and deflated, a change of 3 places, memory of a socket',
  async run({ quick }) {
    const stage = await openStage({
      buyers: 300,
      halls: [{ events: 2, rows: PLACES / 50, seatsPerRow: 50 }],
    });
    try {
      const snapshot = await snapshotOf(stage);
      const deflated = deflateRawSync(sprinkled(snapshot)).length;
      const exactly = { collapse: 0.9, runs: 1, spread: 0 };
      const findings: Finding[] = [
        {
          goal: '6',
          what: 'snapshot of 50,000 places',
          figure: `${snapshot.length} bytes`,
          calibration: `a goal of ${WANTED.raw}`,
          ratio: WANTED.raw / snapshot.length,
          wanted: 1,
          ...exactly,
        },
        {
          goal: '6',
          what: 'the same deflated, a third of it held or sold at random',
          figure: `${deflated} bytes`,
          calibration: `a goal of ${WANTED.deflated}`,
          ratio: WANTED.deflated / deflated,
          wanted: 1,
          ...exactly,
        },
        diffOf3(),
      ];
      if (!quick) findings.push(await memory(stage));
      return findings;
    } finally {
      await stage.stop();
    }
  },
};

function diffOf3(): Finding {
  // Far into a large house and a long sale, where numbers are longest.
  const changes = encodeChanges([49_990, 49_991, 49_992], () => 1);
  const { length } = encodeDown({ type: 'diff', room: 200, to: 3_000_000, span: 1, changes });
  return {
    goal: '6',
    what: 'a change of 3 places',
    figure: `${length} bytes`,
    calibration: `a goal of ${WANTED.diff}`,
    ratio: WANTED.diff / length,
    wanted: 1,
    collapse: 0.9,
    runs: 1,
    spread: 0,
  };
}

/** A map in the middle of a sale: parties of two to four, a third of the house. */
function sprinkled(frame: Uint8Array): Uint8Array {
  const read = decodeDown(frame);
  if (!read.ok || read.message.type !== 'snapshot') throw new Error('that was no snapshot');
  const map = read.message.map.slice();
  let seed = 1;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let taken = 0; taken < PLACES / 3; ) {
    const first = random(PLACES - 4);
    const code = random(5) === 0 ? 1 : 2;
    const party = 2 + random(3);
    for (let place = first; place < first + party; place++) {
      map[place >> 2] = (map[place >> 2]! & ~(3 << ((place & 3) * 2))) | (code << ((place & 3) * 2));
    }
    taken += party;
  }
  return encodeDown({ ...read.message, map });
}

/** The frame that answers a join, byte for byte. */
async function snapshotOf(stage: Stage): Promise<Uint8Array> {
  let got: (frame: Uint8Array) => void;
  let failed: (error: Error) => void;
  const snapshot = new Promise<Uint8Array>((resolve, reject) => {
    got = resolve;
    failed = reject;
  });
  const socket = await LoadSocket.open(stage.url, seatwire.path, seatwire.headers, {
    onFrame(buffer, from, to) {
      const frame = new Uint8Array(buffer.subarray(from, to));
      const read = decodeDown(frame);
      if (read.ok && read.message.type === 'snapshot') got(frame);
    },
    onClose: (why) => failed(new Error(why)),
  });
  for (const hello of seatwire.greeting(null)) socket.write(hello);
  socket.write(seatwire.join(stage.events[0]![0]!));
  try {
    return await snapshot;
  } finally {
    socket.close();
  }
}

/**
 * What `SOCKETS` more sockets, each in the room, add to the server, a socket. A rush of holds goes before: under load Node's young
 * generation grows to its full size, which is the process's and no socket's.
 */
async function memory(stage: Stage): Promise<Finding> {
  const { pid } = stage.servers[0]!;
  await runLoad(await ours(stage), {
    events: [stage.events[0]![1]!],
    places: PLACES,
    placesPerHold: 1,
    viewers: 100,
    pace: { depth: 4 },
    warmUpMs: 500,
    windowMs: 2_500,
  });
  const open = (sockets: number) =>
    Crowd.open({
      kind: 'viewers',
      dialect: 'seatwire',
      urls: [stage.url],
      events: [stage.events[0]![0]!],
      sockets,
      timing: false,
    });
  const warm = await open(1_000);
  const crowds: Crowd[] = [];
  const costs: number[] = [];
  try {
    for (let round = 0; round < 3; round++) {
      await settled();
      const before = memoryOf(pid);
      crowds.push(await open(SOCKETS));
      await settled();
      costs.push((memoryOf(pid) - before) / SOCKETS);
    }
  } finally {
    for (const crowd of [warm, ...crowds]) await crowd.close();
  }
  return {
    goal: '6',
    what: `memory of a native socket in a room, of ${SOCKETS} more`,
    figure: `${(median(costs) / 1024).toFixed(1)} KB of RSS`,
    calibration: `a goal of ${WANTED.socket / 1024} KB`,
    ratio: WANTED.socket / median(costs),
    wanted: 1,
    collapse: 0.1,
    runs: costs.length,
    spread: spread(costs),
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5_000));
