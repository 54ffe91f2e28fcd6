export { hashOf } from '../accounts/refresh-token.ts';
export * from './small-theatre.ts';
