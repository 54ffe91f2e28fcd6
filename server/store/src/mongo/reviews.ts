import { type Connection, type Model, Schema } from 'mongoose';
import { requiredId } from './fields.ts';

/** What an attendee thought of an event: one per user and event. Ids are UUIDs as strings, as everywhere on the wire. */
export interface Review {
  /** UUIDv7. */
  readonly _id: string;
  readonly event: string;
  readonly user: string;
  /** 1 to 5, whole. */
  readonly rating: number;
  readonly text: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
export type ReviewModel = Model<Review>;

const schema = new Schema<Review>(
  {
    _id: requiredId,
    event: requiredId,
    user: requiredId,
    rating: {
      type: Number,
      required: true,
      min: 1,
      max: 5,
      validate: { validator: Number.isInteger, message: 'must be a whole number' },
    },
    text: { type: String, default: '', maxlength: 5_000, trim: true },
  },
  { strict: 'throw', timestamps: true, versionKey: false, collection: 'reviews' },
);
schema.index({ event: 1, user: 1 }, { unique: true });
schema.index({ event: 1, createdAt: -1 });
schema.index({ user: 1, createdAt: -1 });

export const reviewModel = (connection: Connection): ReviewModel =>
  connection.model<Review>('Review', schema);
