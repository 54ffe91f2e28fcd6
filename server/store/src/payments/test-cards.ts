/** A test card and what happens to who pays with it. */
export interface TestCard {
  readonly token: string;
  readonly label: string;
  readonly outcome: string;
  /** Declined, for this reason. */
  readonly declines?: string;
  /** Never answers: `before` anything is authorised, or `after`, so that the money is reserved without the server knowing. */
  readonly silent?: 'before' | 'after';
  /** Instead of the provider's usual latency. */
  readonly delayMs?: number;
  /** So many captures fail before one succeeds. */
  readonly capturesLost?: number;
}

export const TEST_CARDS: readonly TestCard[] = [
  { token: 'tok_ok', label: 'Card ending 4242', outcome: 'Pays at once.' },
  {
    token: 'tok_declined',
    label: 'Card ending 0002',
    outcome: 'Is declined.',
    declines: 'The card was declined.',
  },
  {
    token: 'tok_insufficient_funds',
    label: 'Card ending 9995',
    outcome: 'Is declined: not enough money.',
    declines: 'The card has insufficient funds.',
  },
  { token: 'tok_slow', label: 'Card ending 1500', outcome: 'Pays, after 1.5 seconds.', delayMs: 1_500 },
  {
    token: 'tok_timeout',
    label: 'Card ending 0408',
    outcome: 'The provider never answers; nothing is charged.',
    silent: 'before',
  },
  {
    token: 'tok_timeout_after_success',
    label: 'Card ending 0504',
    outcome: 'The payment succeeds, but the answer is lost.',
    silent: 'after',
  },
  {
    token: 'tok_capture_fails_once',
    label: 'Card ending 0777',
    outcome: 'Pays; the first attempt to collect the money fails.',
    capturesLost: 1,
  },
];
