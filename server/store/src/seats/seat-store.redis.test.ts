import { testRedisUrl } from '@seatwire/store/testing';
import { seatStoreContract } from './seat-store.contract.ts';
import { openSeatStore } from './seat-store.redis.ts';

seatStoreContract('the seat store on Redis', () => openSeatStore({ url: testRedisUrl() }));
