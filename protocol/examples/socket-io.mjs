// The same by socket.io 4: a command is an event with an acknowledgement, and the map is kept by hand.
//
//   npm start                              in another terminal
//   node protocol/examples/socket-io.mjs
//
// Other servers, events and accounts: SEATWIRE_URL, SEATWIRE_EVENT, SEATWIRE_EMAIL, SEATWIRE_PASSWORD.
import { io } from 'socket.io-client';

const {
  SEATWIRE_URL: server = 'http://localhost:3000',
  SEATWIRE_EMAIL: email = 'ben@demo.test',
  SEATWIRE_PASSWORD: password = 'box-office-tonight',
} = process.env;
const FREE = 0;

async function rest(path, body) {
  const response = await fetch(`${server}/api${path}`, {
    signal: AbortSignal.timeout(10_000),
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

async function firstOnSale() {
  const { events } = await rest('/events');
  return events.find(({ saleOpensAt }) => Date.parse(saleOpensAt) <= Date.now()).id;
}

const event = process.env.SEATWIRE_EVENT ?? (await firstOnSale());
const socket = io(server, {
  transports: ['websocket'], // The only one there is: polling would need sticky sessions.
  // Called for each connection, so that a reconnect has a token that is still good.
  auth: async (answer) => answer({ token: (await rest('/auth/login', { email, password })).accessToken }),
});
socket.on('closed', ({ code, message }) => console.error(`closed with ${code}: ${message}`));

/** The answer to a command, or an exception: a refusal, or no answer in time (which means unknown, not failed). */
async function command(name, fields) {
  const answer = await socket.timeout(10_000).emitWithAck(name, { event, ...fields });
  if (answer.type === 'rejected') throw new Error(`${answer.code}: ${answer.message}`);
  return answer;
}

// The map: a state a place, and the version it is of.
const map = { states: [], version: -1 };
const free = () => map.states.filter((state) => state === FREE).length;

/** Two bits a place, four places a byte, the first in the lowest bits. */
function take({ places, map: packed, version }) {
  const bytes = new Uint8Array(packed);
  map.states = Array.from({ length: places }, (_, place) => (bytes[place >> 2] >> ((place & 3) * 2)) & 3);
  map.version = version;
}

// Pushed when this session fell behind: it replaces the map.
socket.on('snapshot', take);
socket.on('diff', async ({ from, to, changes }) => {
  if (to <= map.version) return; // Old news.
  if (from > map.version) return take(await command('join')); // Something is missing.
  for (const [place, state] of changes) map.states[place] = state;
  map.version = to;
  console.log(`version ${to}: ${changes.length} changed, ${free()} free`);
});
const confirmed = new Promise((resolve, reject) => {
  socket.on('order', ({ status, places, reason }) => {
    if (status === 'confirmed') resolve(places);
    if (status === 'rejected') reject(new Error(reason));
  });
});

try {
  take(await command('join'));
  console.log(`${free()} of ${map.states.length} places are free`);

  const { hold, places, amount, currency } = await command('hold-best', { count: 2, together: true });
  console.log(`held ${places} for ${amount} minor units of ${currency}`);

  await command('checkout', { hold });
  await command('pay', { hold, method: 'tok_ok' });
  console.log(`bought ${await confirmed}`);
} finally {
  socket.disconnect();
}
