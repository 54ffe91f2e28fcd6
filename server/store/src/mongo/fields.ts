const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A lower-case UUID. */
export const requiredId = {
  type: String,
  required: true,
  validate: { validator: (id: string) => UUID.test(id), message: 'must be a lower-case UUID' },
} as const;

/** Between 1 and `maxlength` characters, not counting blanks around them. */
export const requiredText = (maxlength: number) =>
  ({ type: String, required: true, trim: true, minlength: 1, maxlength }) as const;
