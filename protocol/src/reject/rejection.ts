/**
 * Why a command failed. The session lives on. `retryable`: the same command, under the same op id, may succeed later.
 * `status` is the HTTP status REST answers with. The message says what to do; it may change, the code may not.
 */
export interface Rejection {
  readonly retryable: boolean;
  readonly status: number;
  readonly message: string;
}

export const no = (status: number, message: string): Rejection => ({ retryable: false, status, message });
export const later = (status: number, message: string): Rejection => ({ retryable: true, status, message });
