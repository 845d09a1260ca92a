import path from 'node:path';
import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import descriptor from '../../../main/http/oip-grpc/protocol.json' with { type: 'json' };
import { protoFolder } from './fixture.ts';

it('is what the published proto files say', () => {
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => path.join(protoFolder, path.basename(target));
  root.loadSync(['grpc_service.proto', 'health.proto'], { keepCase: true });
  root.resolveAll();
  expect(descriptor).toEqual(JSON.parse(JSON.stringify(root.toJSON())));
});
