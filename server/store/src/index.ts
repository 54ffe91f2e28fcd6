export * from './bus/notices.ts';
export * from './bus/rebuild-requests.ts';
export * from './bus/sign-outs.ts';
export * from './option-types.ts';
export * from './options.ts';
export * from './payments/provider.ts';
export * from './seats/seat-store.ts';
