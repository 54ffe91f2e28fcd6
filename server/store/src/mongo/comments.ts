import { type Connection, type Model, Schema } from 'mongoose';
import { requiredId, requiredText } from './fields.ts';

/** Said about an event, by anyone with an account, at any time. */
export interface Comment {
  /** UUIDv7. */
  readonly _id: string;
  readonly event: string;
  readonly user: string;
  readonly text: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
export type CommentModel = Model<Comment>;

const schema = new Schema<Comment>(
  { _id: requiredId, event: requiredId, user: requiredId, text: requiredText(2_000) },
  { strict: 'throw', timestamps: true, versionKey: false, collection: 'comments' },
);
schema.index({ event: 1, createdAt: -1, _id: -1 });
schema.index({ user: 1, createdAt: -1 });

export const commentModel = (connection: Connection): CommentModel =>
  connection.model<Comment>('Comment', schema);
