// Watches an event, holds its two best places, pays for them, and leaves when they are sold.
//
//   npm start                          in another terminal
//   node protocol/examples/hello.mjs
//
// Other servers, events and accounts: SEATWIRE_URL, SEATWIRE_EVENT, SEATWIRE_EMAIL, SEATWIRE_PASSWORD.
import { SeatwireClient } from '@seatwire/protocol/client';
import { WebSocket } from 'ws'; // Node 20 has none of its own; in a browser, leave this line out.

const {
  SEATWIRE_URL: server = 'http://localhost:3000',
  SEATWIRE_EMAIL: email = 'anna@demo.test',
  SEATWIRE_PASSWORD: password = 'box-office-tonight',
} = process.env;

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

/** A refusal is a value, not an exception: `{ ok: false, code, message, retryable }`. Here any of them is the end. */
function granted(result) {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result;
}

const event = process.env.SEATWIRE_EVENT ?? (await firstOnSale());
const client = new SeatwireClient({
  url: `${server.replace(/^http/, 'ws')}/ws`,
  WebSocket,
  name: 'hello.mjs',
  // Asked before each session, and again shortly before the token ends.
  token: async () => (await rest('/auth/login', { email, password })).accessToken,
});

// What changes, whoever did it. After a broken line the client comes back by itself and this goes on.
client.on('changes', ({ room, places }) => {
  console.log(`version ${room.version}: ${places.length} changed, ${room.map.count(0)} free`);
});
// `accepted` is the answer to pay; that the places are sold is told by this notice, perhaps to another session of the same buyer.
const confirmed = new Promise((resolve, reject) => {
  client.on('order', ({ status, places, reason }) => {
    if (status === 'confirmed') resolve(places);
    if (status === 'rejected') reject(new Error(reason));
  });
});

client.start();
try {
  const { room } = granted(await client.join(event));
  console.log(`${room.map.count(0)} of ${room.map.places} places are free`);

  const { hold, places, amount, currency } = granted(await client.holdBest(event, { count: 2 }));
  console.log(`held ${places} for ${amount} minor units of ${currency}`);

  granted(await client.checkout(event, hold));
  granted(await client.pay(event, hold, 'tok_ok'));
  console.log(`bought ${await confirmed}`);
} finally {
  client.stop();
}
