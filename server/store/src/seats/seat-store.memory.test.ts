import { seatStoreContract } from './seat-store.contract.ts';
import { memorySeatStore } from './seat-store.memory.ts';

seatStoreContract('the seat store in memory', async () => memorySeatStore());
