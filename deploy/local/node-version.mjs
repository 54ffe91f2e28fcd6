// Which Node this runs on: that of the socket engine's binaries and of the tools, as package.json's "engines" says it to npm.

/** The first release of each line. Node 21, 23 and 25 are not maintained any more. @type {Readonly<Record<number, number>>} */
export const FIRST_MINOR = { 20: 19, 22: 12, 24: 0 };

/**
 * Undefined for a Node that will do; else what to do, in one line.
 * @param {string} version such as 26.1.0 @param {string} command the file that was started, relative to the project
 */
export function unsuitableNode(version, command) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const first = FIRST_MINOR[major];
  if (first !== undefined && minor >= first) return undefined;
  return `Seatwire runs on Node 20.19, 22.12 or 24 and later releases of these three; this is ${version}. Run: npx -y node@24 ${command}`;
}
