/** The page's security policy forbids `eval`; told so, zod does not try it (and the console stays free of the refusal). */
import { config } from 'zod';

config({ jitless: true });
