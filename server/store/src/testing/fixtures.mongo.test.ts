import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { testMongoUrl } from './index.ts';

test('each call names a MongoDB database of its own', async () => {
  const one = await mongoose.createConnection(testMongoUrl()).asPromise();
  const two = await mongoose.createConnection(testMongoUrl()).asPromise();
  await one.collection('things').insertOne({ name: 'chair' });
  expect(await one.collection('things').countDocuments()).toBe(1);
  expect(await two.collection('things').countDocuments()).toBe(0);
  await one.close();
  await two.close();
});
