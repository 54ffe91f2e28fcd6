export * from './payments/provider.ts';
export * from './seats/seat-store.ts';
