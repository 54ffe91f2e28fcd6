/** For whatever starts whole systems: end-to-end tests, benchmarks, screenshots. */
export { PROJECT } from './config.ts';
export { DEMO_ACCOUNTS, type DemoAccount, ORGANIZER, PASSWORD_HASH } from './demo/accounts.ts';
export { startCrowd } from './demo/crowd.ts';
export { type DemoEvent, seedDemo } from './demo/seed.ts';
export { largeStadium } from './demo/stadium.ts';
export { ProgramError } from './program.ts';
export { type StoreUrls, type System, startSystem } from './system.ts';
