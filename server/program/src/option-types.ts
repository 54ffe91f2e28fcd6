/** How the text of an option is read. */
import { z } from 'zod';

/** A whole number within bounds. */
export function integer(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be from ${min} to ${max}`);
}

/** `true` or `false`. */
export const toggle = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((text) => text === 'true' || text === '1');

/** Comma-separated; blanks dropped. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** Text that is not empty. */
export const text = z.string().min(1, 'must not be empty');

/** An address with one of these schemes, such as `redis:`. */
export function address(...schemes: string[]) {
  return z
    .string()
    .refine(
      (value) => schemes.some((scheme) => value.startsWith(`${scheme}//`)),
      `must start with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    );
}

/** JSON of the given shape. */
export function json<T extends z.ZodType>(shape: T) {
  return z.string().transform((value, context): z.output<T> => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      context.addIssue('must be JSON');
      return z.NEVER;
    }
    const read = shape.safeParse(parsed);
    if (read.success) return read.data;
    context.addIssue(read.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '));
    return z.NEVER;
  });
}
