import { type Connection, type Model, Schema } from 'mongoose';
import { requiredId, requiredText } from './fields.ts';

export const MEDIA_KINDS = ['photo', 'video'] as const;

/** A photo or video of an event. The bytes lie elsewhere (GridFS or an object store), under `storageKey`. */
export interface Media {
  /** UUIDv7. */
  readonly _id: string;
  readonly event: string;
  readonly uploader: string;
  readonly kind: (typeof MEDIA_KINDS)[number];
  /** As found in the bytes, never as claimed by the upload. */
  readonly contentType: string;
  readonly bytes: number;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  readonly storageKey: string;
  readonly caption: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
export type MediaModel = Model<Media>;

const schema = new Schema<Media>(
  {
    _id: requiredId,
    event: requiredId,
    uploader: requiredId,
    kind: { type: String, required: true, enum: MEDIA_KINDS },
    contentType: { type: String, required: true, match: /^(image|video)\/[a-z0-9.+-]{1,60}$/ },
    bytes: { type: Number, required: true, min: 1 },
    sha256: { type: String, required: true, match: /^[0-9a-f]{64}$/ },
    storageKey: requiredText(200),
    caption: { type: String, default: '', maxlength: 500, trim: true },
  },
  { strict: 'throw', timestamps: true, versionKey: false, collection: 'media' },
);
schema.index({ event: 1, createdAt: -1 });
// The same file twice for one event is one file.
schema.index({ event: 1, sha256: 1 }, { unique: true });
schema.index({ uploader: 1, createdAt: -1 });

export const mediaModel = (connection: Connection): MediaModel => connection.model<Media>('Media', schema);
