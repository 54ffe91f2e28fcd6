/** From what a clock on a venue's wall says to the instant that is. */

const DAY_MS = 86_400_000;

/** The instant, epoch ms, at which it is `hour` o'clock in the zone on the day that lies `inDays` days after the one `now` is there. */
export function wallTime(timeZone: string, now: number, inDays: number, hour: number): number {
  const today = Math.floor(onTheWall(timeZone, now) / DAY_MS) * DAY_MS;
  const wanted = today + inDays * DAY_MS + hour * 3_600_000;
  // The zone's offset at about that instant; asked again, since summer time may begin between the two guesses.
  const guess = wanted - (onTheWall(timeZone, wanted) - wanted);
  return wanted - (onTheWall(timeZone, guess) - guess);
}

/** What the clock there says, as if it were UTC; to the second. */
function onTheWall(timeZone: string, instant: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)!.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}
