import { z } from 'zod';

const ASK = 'Enter the web address of the calendar';

/** The address is checked by the service: what is wrong with it is said in one sentence for all reasons. */
export const addressForm = z.object({ address: z.string({ error: ASK }).min(1, ASK) });
